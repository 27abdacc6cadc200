using Xunit;

namespace Accel.Compute.Tests;

/// <summary>Scalars that reach the card while they are computed, against products by discrete logarithms.</summary>
[Trait("speed", "slow")]
public sealed class StreamedScalarsTests
{
    private const int Count = 301;
    private const int ChunkScalars = 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Products_from_any_scalar_on_take_chunks_in_the_order_in_which_they_come(int seed)
    {
        await using FpgaBackend backend = await OpenAsync();
        Random random = new(seed);
        (G1Affine[] points, Fr[] logarithms) = Samples.Points<Fq, Bn254G1>(random, Count);
        Fr[] expected = Samples.WitnessScalars(random, Count);
        await using IBaseSet<G1Affine> bases = await backend.LoadBasesAsync(points, Cancel);
        long free = backend.Memory.FreeBytes;
        Fr[] values = new Fr[Count];
        GrowingScalars scalars = new(values, ChunkScalars);
        await using (IStreamedScalars sent = await backend.StreamAsync(scalars, Cancel))
        {
            // The card works on one product at a time; the first waits for chunks, the others find them there.
            int[] firsts = [0, 1, 2, 39, 40, 300, 301];
            Task<G1>[] products = [.. firsts.Select(first => backend.MsmAsync(bases, sent.From(first), Cancel).AsTask())];
            int[] chunks = [.. Enumerable.Range(0, scalars.ChunkCount)];
            random.Shuffle(chunks);
            foreach (int chunk in chunks)
            {
                int from = chunk * ChunkScalars;
                int to = Math.Min(Count, from + ChunkScalars);
                expected.AsSpan(from..to).CopyTo(values.AsSpan(from));
                scalars.Publish(chunk, to - from);
                await Task.Yield();
            }

            for (int i = 0; i < firsts.Length; i++)
            {
                Assert.True(Samples.ByLogarithms<Fq, Bn254G1>(expected.AsSpan(firsts[i]), logarithms) == await products[i], $"seed {seed}, from {firsts[i]}");
            }

            Assert.Equal(32L * Count, sent.BytesSent);
            Assert.Throws<ArgumentOutOfRangeException>(() => sent.From(Count + 1));
        }

        Assert.Equal(free, backend.Memory.FreeBytes);
    }

    [Fact]
    public async Task A_producer_that_fails_ends_its_products_and_leaves_the_card_as_it_was()
    {
        await using FpgaBackend backend = await OpenAsync();
        Random random = new(3);
        (G1Affine[] points, Fr[] logarithms) = Samples.Points<Fq, Bn254G1>(random, Count);
        Fr[] values = Samples.Scalars(random, Count);
        await using IBaseSet<G1Affine> bases = await backend.LoadBasesAsync(points, Cancel);
        long free = backend.Memory.FreeBytes;
        GrowingScalars scalars = new(values, ChunkScalars);
        await using (IStreamedScalars sent = await backend.StreamAsync(scalars, Cancel))
        {
            Task<G1> product = backend.MsmAsync(bases, sent.From(0), Cancel).AsTask();
            scalars.Publish(4, ChunkScalars);
            scalars.Fail(new InvalidOperationException("the producer gave up"));
            Assert.Equal("the producer gave up", (await Assert.ThrowsAsync<InvalidOperationException>(() => product)).Message);

            // One that is cancelled while it waits gives the engine back too.
            using CancellationTokenSource source = new();
            GrowingScalars silent = new(values, ChunkScalars);
            await using IStreamedScalars never = await backend.StreamAsync(silent, Cancel);
            Task<G1> waiting = backend.MsmAsync(bases, never.From(0), source.Token).AsTask();
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        Assert.Equal(free, backend.Memory.FreeBytes);
        Assert.Equal(Samples.ByLogarithms<Fq, Bn254G1>(values, logarithms), await backend.MsmAsync(bases, new MemoryScalarSource(values), Cancel));
    }

    private static ValueTask<FpgaBackend> OpenAsync() => SimulatedCard.OpenAsync(settings: new FpgaBackendOptions { Threads = 1, WindowBits = 4, ChunkScalars = 64 });
}
