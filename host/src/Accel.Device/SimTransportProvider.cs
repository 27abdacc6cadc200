namespace Accel.Device;

/// <summary>The simulated card inside this process.</summary>
public sealed class SimTransportProvider : ITransportProvider
{
    /// <inheritdoc />
    public string Kind => SimTransport.Kind;

    /// <inheritdoc />
    public string Syntax => "sim[:library=NAME,latency=N,stalls=P,seed=N,temperature=N]";

    /// <inheritdoc />
    public IReadOnlyList<FoundTransport> Find() => SimTransport.IsBuilt() ? [new FoundTransport(Kind, "simulated card")] : [];

    /// <inheritdoc />
    public IDeviceTransport Open(string options) => new SimTransport(options);
}
