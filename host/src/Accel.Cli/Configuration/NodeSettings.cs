using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Accel.Network.Jobs;
using Accel.Node;

namespace Accel.Cli.Configuration;

/// <summary>What is configured of a node, checked.</summary>
internal sealed class NodeSettings(Settings settings)
{
    public string Circuits => Path(NodeKeys.Circuits);

    public string Store => Path(NodeKeys.Store);

    public TimeSpan Drain => TimeSpan.FromSeconds(Number(NodeKeys.DrainSeconds));

    public JobLimits Limits => new() { UnfinishedMax = Number(NodeKeys.UnfinishedMax), AttemptsMax = Number(NodeKeys.AttemptsMax) };

    /// <summary>How the server listens.</summary>
    /// <exception cref="InvalidDataException">A value is malformed, or one that another needs is missing.</exception>
    public NodeOptions Server()
    {
        string address = (string)settings[NodeKeys.Address].Value!;
        return new NodeOptions
        {
            Address = IPAddress.TryParse(address, out IPAddress? parsed)
                ? parsed
                : throw new InvalidDataException($"node.address{settings.OriginOf(NodeKeys.Address)}: '{address}' is no IP address, such as 127.0.0.1 or ::1"),
            Port = Number(NodeKeys.Port),
            Certificate = Certificate(),
            Keys = settings[NodeKeys.ApiKeys].Value is string keys ? ApiKeyRing.Read(keys) : null,
            BodyBytesMax = (long)Number(NodeKeys.WitnessMegabytesMax) << 20,
        };
    }

    /// <summary>The path of a key that a node can't do without.</summary>
    /// <exception cref="InvalidDataException">Nobody says it.</exception>
    public string Path(ConfigurationKey key) => (string?)settings[key].Value
        ?? throw new InvalidDataException($"{key.Name} is not configured: set it in accel.toml, or {key.Variable}. {key.Text}");

    private X509Certificate2? Certificate()
    {
        (string? certificate, string? key) = ((string?)settings[NodeKeys.Certificate].Value, (string?)settings[NodeKeys.CertificateKey].Value);
        if (certificate is null != (key is null))
        {
            throw new InvalidDataException("node.certificate and node.certificate_key go together: configure both, or neither");
        }

        try
        {
            return certificate is null ? null : X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (CryptographicException malformed)
        {
            throw new InvalidDataException($"{certificate} with {key}: they are not a certificate and its private key in PEM", malformed);
        }
    }

    private int Number(ConfigurationKey key) => (int)settings[key].Value!;
}
