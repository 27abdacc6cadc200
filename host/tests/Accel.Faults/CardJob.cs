using System.Buffers.Binary;
using Accel.Device;
using Accel.Device.Link;

namespace Accel.Faults;

/// <summary>What a job has met.</summary>
/// <param name="Refusals">Errors of the device's own types, each of which made the job do its round again.</param>
/// <param name="FirstRefusal">The first of them.</param>
/// <param name="Lost">Why the job was not done; null when it was.</param>
/// <param name="Wrong">A wrong answer that nothing had refused; null when there was none.</param>
internal sealed record JobOutcome(int Refusals, string? FirstRefusal, string? Lost, string? Wrong);

/// <summary>The answer of the engine fails a check of the host.</summary>
internal sealed class RefusedResultException(string check) : DeviceException($"the result of an MSM is wrong: {check}; it was discarded");

/// <summary>
/// What a host does with a card, in rounds whose right answers are known: chunks of memory written while others are read back, registers, and products
/// over rings of commands. A round that fails with a typed error is done again, after a reset, as a backend does it.
/// </summary>
internal sealed class CardJob(IDeviceTransport transport, int seed, TaskScheduler scheduler, bool mayResultsBeWrong, Action<int>? beforeProduct = null)
    : IAsyncDisposable
{
    /// <summary>Rounds of a job.</summary>
    public const int Rounds = 3;

    /// <summary>Where a product's operands and sums lie.</summary>
    public static readonly DeviceAddress Bases = new(0x20000), Scalars = new(0x22000), Sums = new(0x24000), SumsEnd = new(0x25fff);

    private const int AttemptsMax = 6;
    private const int ChunkBytesMax = 2048;
    private const int CountMax = 12;
    private const int WindowBits = 4;
    private const ulong CommandCyclesMax = 1_000_000;

    private static readonly DeviceAddress[] Chunks = [new(0x10000), new(0x14000)];
    private readonly Random _random = new(seed);
    private readonly byte[][] _held = [[], []];
    private CommandQueue? _queue;

    /// <summary>Does the job.</summary>
    public async Task<JobOutcome> RunAsync(CancellationToken cancel)
    {
        int refusals = 0;
        string? first = null;
        try
        {
            bool isStale = false;
            for (int round = 0; round < Rounds; round++)
            {
                Round work = new(_random, round);
                for (int attempt = 1; ; attempt++)
                {
                    try
                    {
                        _queue ??= await CommandQueue.OpenAsync(new BorrowedTransport(transport), new CommandQueueOptions { RingLog2 = 3, Scheduler = scheduler }, cancel);
                        if (isStale)
                        {
                            await _queue.ResetAsync(cancel);
                            isStale = false;
                        }

                        await DoAsync(_queue, work, cancel);
                        break;
                    }
                    catch (DeviceException exception) when (mayResultsBeWrong || exception is not RefusedResultException)
                    {
                        refusals++;
                        first ??= $"{exception.GetType().Name}: {exception.Message}";
                        isStale = _queue is not null;
                        if (attempt == AttemptsMax)
                        {
                            return new JobOutcome(refusals, first, $"round {round} failed {attempt} times, at last with {exception.Message}", null);
                        }
                    }
                }
            }

            return new JobOutcome(refusals, first, null, null);
        }
        catch (Exception exception) when (exception is WrongAnswerException or RefusedResultException)
        {
            return new JobOutcome(refusals, first, null, exception.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new JobOutcome(refusals, first, $"an error that says nothing of the device: {exception}", null);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _queue?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task DoAsync(CommandQueue queue, Round round, CancellationToken cancel)
    {
        int to = round.Number % Chunks.Length;
        int from = 1 - to;
        byte[] read = new byte[_held[from].Length];
        await Task.WhenAll(
            transport.WriteAllAsync(Chunks[to], round.Chunk, cancel).AsTask(),
            transport.ReadAllAsync(Chunks[from], read, cancel).AsTask(),
            SetRegisterAsync((uint)round.Tile, cancel),
            MultiplyAsync(queue, round, cancel));
        Require(read.AsSpan().SequenceEqual(_held[from]), $"the chunk at {Chunks[from]} reads back wrong");
        _held[to] = round.Chunk;
        byte[] written = new byte[round.Chunk.Length];
        await transport.ReadAllAsync(Chunks[to], written, cancel);
        Require(written.AsSpan().SequenceEqual(round.Chunk), $"the chunk at {Chunks[to]} reads back wrong");
    }

    private async Task SetRegisterAsync(uint value, CancellationToken cancel)
    {
        await transport.WriteRegisterAsync(AccelRegisters.NttTileLog2, value, cancel);
        uint read = await transport.ReadRegisterAsync(AccelRegisters.NttTileLog2, cancel);
        Require(read == value, $"register {AccelRegisters.NttTileLog2} holds {read} after {value} was written");
    }

    /// <summary>A product, with the checks that FpgaBackend makes of one; then what stands for a proof's verification: is it the one that was asked for?</summary>
    private async Task MultiplyAsync(CommandQueue queue, Round round, CancellationToken cancel)
    {
        byte[] sums = new byte[queue.Capabilities.Windows(WindowBits) * WindowBits * TinyCurve.SumBytes];
        Array.Fill(sums, (byte)0xff);
        await Task.WhenAll(
            transport.WriteAllAsync(Sums, sums, cancel).AsTask(),
            transport.WriteAllAsync(Scalars, round.Scalars, cancel).AsTask(),
            transport.WriteAllAsync(Bases, round.Bases, cancel).AsTask());
        beforeProduct?.Invoke(round.Number);
        DeviceCommand command = DeviceCommand.Msm(DeviceCommandFlags.First | DeviceCommandFlags.Last, (uint)round.Count, Scalars, Bases, Sums, WindowBits);
        Task<DeviceCompletion> running = await queue.SubmitAsync(command, CommandCyclesMax, cancel);
        Task<DeviceCompletion> behind = await queue.SubmitAsync(DeviceCommand.Nop(DeviceCommandFlags.Fence), CommandCyclesMax, cancel);
        DeviceCompletion completion = await running;
        await behind;
        RequireResult(completion.ScalarChecksum == Crc32C.Of(round.Scalars), "the checksum of the scalars that it read differs");
        RequireResult(completion.BaseChecksum == Crc32C.Of(round.Bases), "the checksum of the bases that it read differs");
        await transport.ReadAllAsync(Sums, sums, cancel);
        string? wrong = TinyCurve.TryCombine(sums, out int logarithm);
        RequireResult(wrong is null, wrong ?? "");
        RequireResult(logarithm == round.Logarithm, $"it is {logarithm} times the generator, not {round.Logarithm} times");
    }

    private static void Require(bool holds, string wrong)
    {
        if (!holds)
        {
            throw new WrongAnswerException(wrong);
        }
    }

    private static void RequireResult(bool holds, string wrong)
    {
        if (!holds)
        {
            throw new RefusedResultException(wrong);
        }
    }

    /// <summary>An answer that is wrong though nothing has refused it: what must never be.</summary>
    private sealed class WrongAnswerException(string message) : Exception(message);

    /// <summary>The data of one round.</summary>
    private sealed class Round
    {
        public Round(Random random, int number)
        {
            Number = number;
            Chunk = new byte[DeviceAddress.AlignmentBytes * random.Next(1, ChunkBytesMax / DeviceAddress.AlignmentBytes)];
            random.NextBytes(Chunk);
            Tile = random.Next(1, 6);
            Count = random.Next(2, CountMax / 2) * 2;
            Scalars = new byte[Count * TinyCurve.ScalarBytes];
            Bases = new byte[Count * TinyCurve.BaseBytes];
            for (int i = 0; i < Count; i++)
            {
                int scalar = random.Next(TinyCurve.Order), logarithm = random.Next(TinyCurve.Order);
                BinaryPrimitives.WriteInt32LittleEndian(Scalars.AsSpan(i * TinyCurve.ScalarBytes), scalar);
                TinyCurve.WriteBase(logarithm, Bases.AsSpan(i * TinyCurve.BaseBytes));
                Logarithm = (Logarithm + (scalar * logarithm)) % TinyCurve.Order;
            }
        }

        public int Number { get; }

        public byte[] Chunk { get; }

        public int Tile { get; }

        public int Count { get; }

        public byte[] Scalars { get; }

        public byte[] Bases { get; }

        public int Logarithm { get; }
    }
}
