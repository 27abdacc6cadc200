namespace Accel.Device;

/// <summary>What a card is and can do, read from its registers.</summary>
public sealed record DeviceCapabilities
{
    /// <summary>The register map's major version that this program knows.</summary>
    public const int MajorVersion = (int)AccelRegisters.VersionMajorValue;

    /// <summary>Minor version: additions only.</summary>
    public required int MinorVersion { get; init; }

    /// <summary>The curve, by the id in <c>hdl/params</c>; 1 is BN254.</summary>
    public required int CurveId { get; init; }

    /// <summary>Whether there is an MSM engine.</summary>
    public required bool HasMsm { get; init; }

    /// <summary>Whether there is an NTT engine.</summary>
    public required bool HasNtt { get; init; }

    /// <summary>Whether there is a pointwise unit.</summary>
    public required bool HasPointwise { get; init; }

    /// <summary>Bits of a coordinate.</summary>
    public required int FieldBits { get; init; }

    /// <summary>Bits of a scalar.</summary>
    public required int ScalarBits { get; init; }

    /// <summary>Coordinates are multiplied by 2 to this power.</summary>
    public required int FieldRBits { get; init; }

    /// <summary>The coset shift is multiplied by 2 to this power.</summary>
    public required int ScalarRBits { get; init; }

    /// <summary>The MSM engine has 2 to this power buckets, of all windows together.</summary>
    public required int MsmCellsLog2 { get; init; }

    /// <summary>Smallest window, in bits.</summary>
    public required int WindowBitsMin { get; init; }

    /// <summary>Largest window, in bits; see <see cref="IsWindowLegal"/>.</summary>
    public required int WindowBitsMax { get; init; }

    /// <summary>Cycles from a pair of points to its sum.</summary>
    public required int AdderLatency { get; init; }

    /// <summary>Butterflies a cycle.</summary>
    public required int NttLanes { get; init; }

    /// <summary>The largest transform on chip is 2 to this power.</summary>
    public required int NttTileLog2Max { get; init; }

    /// <summary>The largest transform is 2 to this power.</summary>
    public required int NttLog2Max { get; init; }

    /// <summary>Bytes of device memory.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Rings have at most 2 to this power entries.</summary>
    public required int RingLog2Max { get; init; }

    /// <summary>Windows of a scalar: signed digits need one more bit than the scalar has.</summary>
    public int Windows(int windowBits) => (ScalarBits / windowBits) + 1;

    /// <summary>Whether all buckets of such windows fit the engine.</summary>
    public bool IsWindowLegal(int windowBits) =>
        windowBits >= WindowBitsMin && windowBits <= WindowBitsMax && (long)Windows(windowBits) << (windowBits - 1) <= 1L << MsmCellsLog2;

    /// <summary>Reads the identity of a device.</summary>
    /// <exception cref="DeviceException">It is no such card, or its registers are of a version that this program does not know.</exception>
    public static async Task<DeviceCapabilities> ReadAsync(IDeviceTransport transport, CancellationToken cancel)
    {
        CardIdentity identity = await CardIdentity.ReadAsync(transport, cancel);
        if (identity.Refusal is { } refusal)
        {
            throw new DeviceException(refusal);
        }

        uint engines = await transport.ReadRegisterAsync(AccelRegisters.Capabilities, cancel);
        uint widths = await transport.ReadRegisterAsync(AccelRegisters.Widths, cancel);
        uint montgomery = await transport.ReadRegisterAsync(AccelRegisters.Montgomery, cancel);
        uint msm = await transport.ReadRegisterAsync(AccelRegisters.MsmLimits, cancel);
        uint ntt = await transport.ReadRegisterAsync(AccelRegisters.NttLimits, cancel);
        return new DeviceCapabilities
        {
            MinorVersion = identity.MinorVersion,
            CurveId = (int)await transport.ReadRegisterAsync(AccelRegisters.CurveId, cancel),
            HasMsm = (engines & AccelRegisters.CapabilitiesMsm) != 0,
            HasNtt = (engines & AccelRegisters.CapabilitiesNtt) != 0,
            HasPointwise = (engines & AccelRegisters.CapabilitiesPointwise) != 0,
            FieldBits = Field(widths, AccelRegisters.WidthsFieldMask),
            ScalarBits = Field(widths, AccelRegisters.WidthsScalarMask),
            FieldRBits = Field(montgomery, AccelRegisters.MontgomeryFieldRBitsMask),
            ScalarRBits = Field(montgomery, AccelRegisters.MontgomeryScalarRBitsMask),
            MsmCellsLog2 = Field(msm, AccelRegisters.MsmLimitsCellsLog2Mask),
            WindowBitsMin = Field(msm, AccelRegisters.MsmLimitsWindowBitsMinMask),
            WindowBitsMax = Field(msm, AccelRegisters.MsmLimitsWindowBitsMaxMask),
            AdderLatency = (int)await transport.ReadRegisterAsync(AccelRegisters.MsmAdderLatency, cancel),
            NttLanes = Field(ntt, AccelRegisters.NttLimitsLanesMask),
            NttTileLog2Max = Field(ntt, AccelRegisters.NttLimitsTileLog2MaxMask),
            NttLog2Max = Field(ntt, AccelRegisters.NttLimitsLog2MaxMask),
            MemoryBytes = 1L << (int)await transport.ReadRegisterAsync(AccelRegisters.MemoryLog2, cancel),
            RingLog2Max = (int)await transport.ReadRegisterAsync(AccelRegisters.RingLog2Max, cancel),
        };
    }

    /// <summary>The field of a register that the mask covers, moved down to bit 0.</summary>
    private static int Field(uint register, uint mask) => (int)((register & mask) >> System.Numerics.BitOperations.TrailingZeroCount(mask));
}
