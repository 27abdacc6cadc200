namespace Accel.Cli.Configuration;

/// <summary>The keys <c>node.*</c>.</summary>
internal static class NodeKeys
{
    public static ConfigurationKey Address { get; } = new(
        "node.address", ConfigurationType.Text, "ACCEL_NODE_ADDRESS", "IP address that the node listens on; any but loopback needs keys and a certificate.")
    { Default = _ => "127.0.0.1" };

    public static ConfigurationKey Port { get; } = Number("node.port", "ACCEL_NODE_PORT", "Port that the node listens on; 0 lets the system choose.", 0, 65_535, 8420);

    public static ConfigurationKey Circuits { get; } = new(
        "node.circuits", ConfigurationType.Path, "ACCEL_NODE_CIRCUITS", "Folder of the circuits that the node proves, a folder each by the circuit's name.");

    public static ConfigurationKey Store { get; } = new("node.store", ConfigurationType.Path, "ACCEL_NODE_STORE", "File of the node's jobs.");

    public static ConfigurationKey ApiKeys { get; } = new(
        "node.api_keys", ConfigurationType.Path, "ACCEL_NODE_API_KEYS", "File of the keys that clients need, as accel node key writes it.");

    public static ConfigurationKey Certificate { get; } = new("node.certificate", ConfigurationType.Path, "ACCEL_NODE_CERTIFICATE", "Certificate for TLS, PEM.");

    public static ConfigurationKey CertificateKey { get; } = new(
        "node.certificate_key", ConfigurationType.Path, "ACCEL_NODE_CERTIFICATE_KEY", "Private key of node.certificate, PEM.");

    public static ConfigurationKey UnfinishedMax { get; } = Number(
        "node.unfinished_max", "ACCEL_NODE_UNFINISHED_MAX", "Jobs that may wait or be proved; the next is told to come again.", 1, 100_000, 64);

    public static ConfigurationKey WitnessMegabytesMax { get; } = Number(
        "node.witness_megabytes_max", "ACCEL_NODE_WITNESS_MEGABYTES_MAX", "Size of the largest witness, in MiB.", 1, 900, 256);

    public static ConfigurationKey AttemptsMax { get; } = Number(
        "node.attempts_max", "ACCEL_NODE_ATTEMPTS_MAX", "Times that the proof of a job may be begun.", 1, 100, 3);

    public static ConfigurationKey DrainSeconds { get; } = Number(
        "node.drain_seconds", "ACCEL_NODE_DRAIN_SECONDS", "Seconds that a proof at work may still take after SIGTERM.", 0, 3600, 30);

    /// <summary>In the order in which they are listed.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
        [Address, Port, Circuits, Store, ApiKeys, Certificate, CertificateKey, UnfinishedMax, WitnessMegabytesMax, AttemptsMax, DrainSeconds];

    private static ConfigurationKey Number(string name, string variable, string text, int minimum, int maximum, int usual) =>
        new(name, ConfigurationType.Integer, variable, text) { Minimum = minimum, Maximum = maximum, Default = _ => usual };
}
