namespace Accel.Device.Pcie;

/// <summary>Cards on PCIe, by the files of the XDMA driver.</summary>
public sealed class XdmaTransportProvider : ITransportProvider
{
    internal const string Devices = "/dev";

    private readonly string _devices;

    /// <summary>The cards of this machine.</summary>
    public XdmaTransportProvider()
        : this(Devices)
    {
    }

    internal XdmaTransportProvider(string devices) => _devices = devices;

    /// <inheritdoc />
    public string Kind => XdmaTransport.Kind;

    /// <inheritdoc />
    public string Syntax => XdmaPaths.Syntax;

    /// <inheritdoc />
    public IReadOnlyList<FoundTransport> Find() =>
    [
        .. XdmaPaths.Find(_devices).Select(number =>
        {
            XdmaPaths paths = XdmaPaths.Parse($"{number}", _devices);
            return new FoundTransport($"{Kind}:{number}", $"XDMA device {paths.User}, {paths.ToCard.Count} + {paths.FromCard.Count} DMA channels");
        }),
    ];

    /// <inheritdoc />
    public IDeviceTransport Open(string options) => new XdmaTransport(XdmaPaths.Parse(options, _devices));
}
