using System.Buffers.Binary;
using System.Numerics;
using Accel.Device.Link;

namespace Accel.Device;

/// <summary>
/// Tests what every engine of a card stands on: its registers, the path to its memory, and that memory. Resets the card and overwrites its memory;
/// nobody else may use it meanwhile.
/// </summary>
public static class CardSelfTest
{
    private const int BeatBytes = DeviceAddress.AlignmentBytes;
    private const int WordBits = 32;
    private const int LaneBits = 64;
    private const int ChecksumScalars = 512;
    private const int ScalarBytes = 32;
    private const int BaseBytes = 64;
    private const int SumBytes = 128;
    private const ulong ResetCyclesMax = 1 << 20;
    private const ulong CommandCyclesMax = 1 << 24;
    private const int Seed = 1;

    /// <summary>Plain 32-bit registers that the core uses only while it is enabled.</summary>
    private static readonly RegisterOffset[] Scratch =
        [AccelRegisters.QueueBaseLo, AccelRegisters.QueueBaseHi, AccelRegisters.CompletionBaseLo, AccelRegisters.CompletionBaseHi];

    /// <summary>Appends the test to a sequence of steps.</summary>
    /// <param name="transport">The path to the card; it stays the caller's.</param>
    /// <param name="sequence">Receives the steps.</param>
    /// <param name="cancel">Ends the test.</param>
    public static async ValueTask RunAsync(IDeviceTransport transport, SelfTestSequence sequence, CancellationToken cancel)
    {
        DeviceCapabilities? card = null;
        await sequence.StepAsync("identity", async () =>
        {
            card = await DeviceCapabilities.ReadAsync(transport, cancel);
            string[] engines = [.. new[] { card.HasMsm ? "MSM" : null, card.HasNtt ? "NTT" : null, card.HasPointwise ? "pointwise" : null }.OfType<string>()];
            return new SelfTestVerdict(
                true, $"registers {DeviceCapabilities.MajorVersion}.{card.MinorVersion}, curve {card.CurveId}, engines {string.Join(", ", engines)}, {card.MemoryBytes >> 20:N0} MiB");
        });
        await sequence.StepAsync("registers", () => RegistersAsync(transport, cancel));
        await sequence.StepAsync("memory: data lines", () => DataLinesAsync(transport, cancel));
        await sequence.StepAsync("memory: address lines", () => AddressLinesAsync(transport, card!.MemoryBytes, cancel));
        await sequence.StepAsync("memory: the engine's checksum", () => ChecksumAsync(transport, card!, cancel));
    }

    /// <summary>After a reset every register holds what the map says; then one bit walks through those that can be written freely, each holding another.</summary>
    private static async ValueTask<SelfTestVerdict> RegistersAsync(IDeviceTransport transport, CancellationToken cancel)
    {
        await ResetAsync(transport, cancel);
        foreach (RegisterDescription register in RegisterMap.Registers.Where(register => register is { Reset: not null, Bits: WordBits }))
        {
            ulong value = await register.ReadAsync(transport, cancel);
            if (value != register.Reset)
            {
                return new SelfTestVerdict(false, $"after a reset {register.Name} at {register.Offset} holds 0x{value:x8}, not 0x{register.Reset:x8}");
            }
        }

        for (int bit = 0; bit < WordBits; bit++)
        {
            for (int i = 0; i < Scratch.Length; i++)
            {
                await transport.WriteRegisterAsync(Scratch[i], Pattern(bit, i), cancel);
            }

            for (int i = 0; i < Scratch.Length; i++)
            {
                uint value = await transport.ReadRegisterAsync(Scratch[i], cancel);
                if (value != Pattern(bit, i))
                {
                    return new SelfTestVerdict(false, $"the register at {Scratch[i]} holds 0x{value:x8} after 0x{Pattern(bit, i):x8} was written: bits 0x{value ^ Pattern(bit, i):x8} differ");
                }
            }
        }

        await ResetAsync(transport, cancel);
        return new SelfTestVerdict(true, $"{RegisterMap.Registers.Count} read, {Scratch.Length} of them written with {WordBits} patterns each");

        static uint Pattern(int bit, int register) => BitOperations.RotateLeft(register % 2 == 0 ? 1u : ~1u, bit + register);
    }

    /// <summary>A one and a zero walk through every lane of 64 bits of a beat; the other lanes carry other bits at the time.</summary>
    private static async ValueTask<SelfTestVerdict> DataLinesAsync(IDeviceTransport transport, CancellationToken cancel)
    {
        byte[] pattern = new byte[2 * LaneBits * BeatBytes];
        for (int lane = 0; lane < pattern.Length / sizeof(ulong); lane++)
        {
            int beat = lane / (BeatBytes / sizeof(ulong));
            ulong one = BitOperations.RotateLeft(1ul, beat + (7 * lane));
            BinaryPrimitives.WriteUInt64LittleEndian(pattern.AsSpan(lane * sizeof(ulong)), beat < LaneBits ? one : ~one);
        }

        byte[] read = new byte[pattern.Length];
        await transport.WriteAllAsync(new DeviceAddress(0), pattern, cancel);
        await transport.ReadAllAsync(new DeviceAddress(0), read, cancel);
        int same = read.AsSpan().CommonPrefixLength(pattern);
        return same == pattern.Length
            ? new SelfTestVerdict(true, $"{pattern.Length / BeatBytes} beats, a one and a zero on every line")
            : new SelfTestVerdict(false, $"byte {same} of the pattern at {new DeviceAddress(0)} reads 0x{read[same]:x2}, not 0x{pattern[same]:x2}");
    }

    /// <summary>
    /// A march (van de Goor, "Using march tests to test SRAMs", 1993: up write; up read, write the complement; down read) over one beat at 0 and at every
    /// power of two: a line that is stuck or tied to another makes two of them one.
    /// </summary>
    private static async ValueTask<SelfTestVerdict> AddressLinesAsync(IDeviceTransport transport, long memoryBytes, CancellationToken cancel)
    {
        DeviceAddress[] addresses =
        [
            new(0), .. Enumerable.Range(BitOperations.Log2(BeatBytes), BitOperations.Log2((ulong)memoryBytes) - BitOperations.Log2(BeatBytes)).Select(bit => new DeviceAddress(1ul << bit)),
        ];
        foreach (DeviceAddress address in addresses)
        {
            await transport.WriteAsync(address, Mark(address, inverted: false), cancel);
        }

        foreach (DeviceAddress address in addresses)
        {
            if (await DifferenceAsync(address, inverted: false) is { } wrong)
            {
                return wrong;
            }

            await transport.WriteAsync(address, Mark(address, inverted: true), cancel);
        }

        foreach (DeviceAddress address in addresses.Reverse())
        {
            if (await DifferenceAsync(address, inverted: true) is { } wrong)
            {
                return wrong;
            }
        }

        return new SelfTestVerdict(true, $"{addresses.Length} addresses up to {addresses[^1]}, each with its own mark");

        async ValueTask<SelfTestVerdict?> DifferenceAsync(DeviceAddress address, bool inverted)
        {
            byte[] read = new byte[BeatBytes];
            await transport.ReadAsync(address, read, cancel);
            if (read.AsSpan().SequenceEqual(Mark(address, inverted)))
            {
                return null;
            }

            DeviceAddress? other = addresses.Select(other => (DeviceAddress?)other)
                .FirstOrDefault(other => read.AsSpan().SequenceEqual(Mark(other!.Value, inverted: false)) || read.AsSpan().SequenceEqual(Mark(other.Value, inverted: true)));
            return new SelfTestVerdict(false, $"the beat at {address} does not hold its mark{(other is null ? "" : $" but one of {other}: the two are one place")}");
        }
    }

    private static byte[] Mark(DeviceAddress address, bool inverted)
    {
        byte[] mark = new byte[BeatBytes];
        new Random((int)(address.Bytes ^ (address.Bytes >> WordBits)) ^ Seed).NextBytes(mark);
        BinaryPrimitives.WriteUInt64LittleEndian(mark, address.Bytes);
        if (inverted)
        {
            for (int i = 0; i < mark.Length; i++)
            {
                mark[i] = (byte)~mark[i];
            }
        }

        return mark;
    }

    /// <summary>The MSM engine reads what the host wrote and returns the CRC-32C of what it saw: the engine's own path to memory.</summary>
    private static async ValueTask<SelfTestVerdict> ChecksumAsync(IDeviceTransport transport, DeviceCapabilities card, CancellationToken cancel)
    {
        if (!card.HasMsm)
        {
            throw new NotSupportedException("the core has no MSM engine, which is what has a checksum");
        }

        // Scalars of any bits but the uppermost byte's are below every modulus; the points are infinity, which every curve has.
        byte[] scalars = new byte[ChecksumScalars * ScalarBytes];
        new Random(Seed).NextBytes(scalars);
        for (int i = ScalarBytes - 1; i < scalars.Length; i += ScalarBytes)
        {
            scalars[i] = 0;
        }

        byte[] bases = new byte[ChecksumScalars * BaseBytes];
        await using (CommandQueue queue = await CommandQueue.OpenAsync(new BorrowedTransport(transport), options: null, cancel))
        {
            using DeviceBuffer scalarBuffer = queue.Memory.Allocate(scalars.Length);
            using DeviceBuffer baseBuffer = queue.Memory.Allocate(bases.Length);
            using DeviceBuffer sums = queue.Memory.Allocate((long)card.Windows(card.WindowBitsMin) * card.WindowBitsMin * SumBytes);
            await transport.WriteAllAsync(scalarBuffer.Address, scalars, cancel);
            await transport.WriteAllAsync(baseBuffer.Address, bases, cancel);
            DeviceCommand command = DeviceCommand.Msm(
                DeviceCommandFlags.First | DeviceCommandFlags.Last, ChecksumScalars, scalarBuffer.Address, baseBuffer.Address, sums.Address, card.WindowBitsMin);
            DeviceCompletion completion = await queue.ExecuteAsync(command, CommandCyclesMax, cancel);
            (uint scalarCrc, uint baseCrc) = (Crc32C.Of(scalars), Crc32C.Of(bases));
            return (completion.ScalarChecksum, completion.BaseChecksum) == (scalarCrc, baseCrc)
                ? new SelfTestVerdict(true, $"{scalars.Length + bases.Length:N0} bytes, CRC-32C 0x{scalarCrc:x8} and 0x{baseCrc:x8}")
                : new SelfTestVerdict(
                    false,
                    $"the engine read scalars with CRC-32C 0x{completion.ScalarChecksum:x8} and points with 0x{completion.BaseChecksum:x8}, but written were 0x{scalarCrc:x8} and 0x{baseCrc:x8}");
        }
    }

    private static async ValueTask ResetAsync(IDeviceTransport transport, CancellationToken cancel)
    {
        await transport.WriteRegisterAsync(AccelRegisters.Control, AccelRegisters.ControlSoftReset, cancel);
        ulong waited = 0;
        for (uint status = await transport.ReadRegisterAsync(AccelRegisters.Status, cancel); (status & AccelRegisters.StatusResetting) != 0;)
        {
            if (waited >= ResetCyclesMax)
            {
                throw new DeviceException($"{transport.Info.Path}: a soft reset has not ended after {waited:N0} cycles: STATUS is 0x{status:x8}");
            }

            waited += await transport.WaitAsync(AccelRegisters.Status, status, ResetCyclesMax - waited, cancel);
            status = await transport.ReadRegisterAsync(AccelRegisters.Status, cancel);
        }
    }
}
