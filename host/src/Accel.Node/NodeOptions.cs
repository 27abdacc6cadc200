using System.Net;
using System.Security.Cryptography.X509Certificates;
using Accel.Network.Jobs;

namespace Accel.Node;

/// <summary>How a node's server listens, and to whom.</summary>
public sealed record NodeOptions
{
    /// <summary>The address that it listens on. Any but loopback needs <see cref="Keys"/> and <see cref="Certificate"/>.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port, 0 to 65,535; 0 lets the system choose.</summary>
    public int Port { get; init; }

    /// <summary>The certificate with its key; null to speak without TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Who may ask for what; null to let everybody on this machine ask.</summary>
    public ApiKeyRing? Keys { get; init; }

    /// <summary>The longest witness, in bytes.</summary>
    public long BodyBytesMax { get; init; } = 256L << 20;

    /// <summary>Witnesses that may arrive at once, each in memory; the next is told to come again.</summary>
    public int UploadsAtOnceMax { get; init; } = 2;

    /// <summary>Connections that may be open at once.</summary>
    public int ConnectionsMax { get; init; } = 512;

    /// <summary>The longest that a request may take; a stream of events has no limit.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How much a client may that asks without a key, on loopback.</summary>
    public ClientQuota LocalQuota { get; init; } = ClientQuota.None;

    /// <summary>Refuses what would serve strangers unprotected.</summary>
    /// <exception cref="ArgumentException">The address is not loopback, and keys or certificate are missing.</exception>
    internal void Require()
    {
        if (IPAddress.IsLoopback(Address))
        {
            return;
        }

        string missing = string.Join(" and ", new[] { Keys is null ? "node.api_keys" : null, Certificate is null ? "node.certificate" : null }.OfType<string>());
        if (missing.Length > 0)
        {
            throw new ArgumentException($"node.address {Address} can be reached from other machines, which needs {missing}; 127.0.0.1 needs neither");
        }
    }
}
