using System.Runtime.InteropServices;
using Accel.Device;
using Accel.Device.Link;

namespace Accel.Compute.Fpga;

/// <summary>
/// One product on the card: scalars go through two buffers, so that one is filled while the engine reads the other; a buffer is filled
/// again when the chunk that used it has completed. Scalars that lie in device memory are read there; of a stream, as they arrive there.
/// The engine works on one product at a time.
/// </summary>
internal sealed class FpgaMsm(CommandQueue queue, string device, int chunkScalars) : IDisposable
{
    private const int BaseBytes = 64;

    /// <summary>How many times the model's cycles a chunk may take before it counts as lost: memory may stall, and transforms run beside it.</summary>
    private const double Patience = 20;
    private const ulong DeadlineFloor = 1_000_000;

    private readonly DeviceBuffer[] _buffers = [queue.Memory.Allocate((long)chunkScalars * ScalarBytes.Length), queue.Memory.Allocate((long)chunkScalars * ScalarBytes.Length)];

    /// <summary>Σ scalarᵢ·baseᵢ, its parts checked.</summary>
    public async Task<(G1 Product, DeviceOperation Operation)> MultiplyAsync(FpgaBaseSet bases, IScalarSource scalars, int windowBits, CancellationToken cancel)
    {
        DeviceCapabilities capabilities = queue.Capabilities;
        int planes = capabilities.Windows(windowBits) * windowBits;
        byte[] sums = new byte[planes * PlaneSums.Bytes];
        using DeviceBuffer sumsBuffer = queue.Memory.Allocate(sums.Length);

        // No coordinate is as large: a sum that the device does not write is found out.
        Array.Fill(sums, (byte)0xff);
        await queue.Transport.WriteAllAsync(sumsBuffer.Address, sums, cancel);
        DeviceBuffer? resident = scalars is DeviceScalarSource held && held.Owner == bases.Owner ? held.TakeBuffer() : null;
        Stream stream = new(this, bases, sumsBuffer.Address, windowBits);
        IAsyncEnumerable<ScalarPiece> pieces = scalars is StreamedScalars arriving && arriving.Stream.Owner == bases.Owner
            ? ScalarPieces.AsTheyArriveAsync(arriving, chunkScalars, cancel)
            : ScalarPieces.InOrderAsync(scalars, resident?.Address, chunkScalars, cancel);
        List<DeviceCompletion> completions;
        try
        {
            completions = await stream.RunAsync(pieces, scalars.Count, cancel);
        }
        finally
        {
            await stream.SettleAsync();
            resident?.Dispose();
        }

        await queue.Transport.ReadAllAsync(sumsBuffer.Address, sums, cancel);
        string operation = $"an MSM of {scalars.Count} scalars with windows of {windowBits} bits";
        if (PlaneSums.TryCombine(sums, out G1 product) is { } wrong)
        {
            throw new DeviceResultException(device, operation, wrong);
        }

        return (product, Describe(scalars.Count, windowBits, completions));
    }

    public void Dispose()
    {
        _buffers[0].Dispose();
        _buffers[1].Dispose();
    }

    private DeviceOperation Describe(int count, int windowBits, List<DeviceCompletion> completions)
    {
        DeviceCompletion last = completions[^1];
        ulong start = completions.Min(completion => completion.CompletedAtCycle - completion.Cycles);
        return new DeviceOperation("msm", count, last.CompletedAtCycle - start)
        {
            WindowBits = windowBits,
            Windows = queue.Capabilities.Windows(windowBits),
            AccumulateCycles = last.AccumulateCycles,
            AggregateCycles = last.AggregateCycles,
            Steps = last.Operations,
            MemoryWaitCycles = completions.Aggregate(0ul, (sum, completion) => sum + completion.MemoryWaitCycles),
            CompletedAtCycle = last.CompletedAtCycle,
        };
    }

    /// <summary>The chunks of one product.</summary>
    private sealed class Stream(FpgaMsm msm, FpgaBaseSet bases, DeviceAddress sums, int windowBits)
    {
        private readonly Task<DeviceCompletion>?[] _inFlight = new Task<DeviceCompletion>?[2];
        private readonly (uint Scalars, uint Bases)[] _expected = new (uint, uint)[2];
        private readonly List<DeviceCompletion> _completions = [];

        /// <param name="pieces">All scalars, in any order.</param>
        /// <param name="total">How many there are.</param>
        /// <param name="cancel">Ends the product between two pieces.</param>
        public async Task<List<DeviceCompletion>> RunAsync(IAsyncEnumerable<ScalarPiece> pieces, int total, CancellationToken cancel)
        {
            int sent = 0;
            int chunk = 0;
            if (total == 0)
            {
                await SendAsync(chunk++, new ScalarPiece(0, ReadOnlyMemory<Fr>.Empty, null), last: true, cancel);
            }

            await foreach (ScalarPiece piece in pieces)
            {
                cancel.ThrowIfCancellationRequested();
                sent += piece.Values.Length;
                await SendAsync(chunk++, piece, sent == total, cancel);
            }

            // In the order in which they were sent.
            await AwaitAsync(chunk & 1);
            await AwaitAsync((chunk + 1) & 1);
            return _completions;
        }

        /// <summary>Waits until the device reads none of the buffers any more, however the product ended.</summary>
        public async Task SettleAsync()
        {
            foreach (Task<DeviceCompletion> running in _inFlight.OfType<Task<DeviceCompletion>>())
            {
                await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        private async Task SendAsync(int chunk, ScalarPiece piece, bool last, CancellationToken cancel)
        {
            int slot = chunk & 1;
            await AwaitAsync(slot);
            (int offset, ReadOnlyMemory<Fr> values, DeviceAddress? resident) = piece;
            byte[] bytes = new byte[values.Length * ScalarBytes.Length];
            ScalarBytes.Write(values.Span, bytes);
            DeviceAddress address = resident ?? msm._buffers[slot].Address;
            if (resident is null)
            {
                await msm.Queue.Transport.WriteAllAsync(address, bytes, cancel);
            }

            _expected[slot] = (Crc32C.Of(bytes), Crc32C.Of(MemoryMarshal.AsBytes(bases.Points.Slice(offset, values.Length).Span)));
            DeviceCommandFlags flags = (chunk == 0 ? DeviceCommandFlags.First : DeviceCommandFlags.None) | (last ? DeviceCommandFlags.Last : DeviceCommandFlags.None);
            DeviceCommand command = DeviceCommand.Msm(
                flags, (uint)values.Length, address, bases.Buffer.Address + ((long)offset * BaseBytes), last ? sums : default, windowBits);
            ulong cyclesMax = DeadlineFloor + (ulong)(Patience * MsmWindow.Cycles(msm.Queue.Capabilities, values.Length, windowBits));
            _inFlight[slot] = await msm.Queue.SubmitAsync(command, cyclesMax, cancel);
        }

        private async Task AwaitAsync(int slot)
        {
            if (_inFlight[slot] is not { } running)
            {
                return;
            }

            DeviceCompletion completion = await running;
            _inFlight[slot] = null;
            _completions.Add(completion);
            (uint scalarChecksum, uint baseChecksum) = _expected[slot];
            Require(completion.ScalarChecksum == scalarChecksum, "scalars", completion.ScalarChecksum, scalarChecksum);
            Require(completion.BaseChecksum == baseChecksum, "bases", completion.BaseChecksum, baseChecksum);
        }

        private void Require(bool equal, string what, uint read, uint sent)
        {
            if (!equal)
            {
                throw new DeviceResultException(
                    msm.Device, $"chunk {_completions.Count} of an MSM", $"the checksum of the {what} that it read is {read:x8}, that of what it was sent is {sent:x8}");
            }
        }
    }

    private CommandQueue Queue => queue;

    private string Device => device;
}
