using Accel.Device;
using Accel.Testing;
using Xunit;

namespace Accel.Compute.Tests;

/// <summary>A card whose memory fails: every operation gives the right result or an exception that says what went wrong, never a wrong result.</summary>
[Trait("speed", "slow")]
public sealed class FaultyCardTests
{
    private const int MsmCount = 60;
    private const int NttLog2Size = 6;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("errors=20000,stalls=15,seed=21")]
    [InlineData("flips=20000,stalls=15,seed=22")]
    [InlineData("errors=8000,flips=8000,latency=30,seed=23")]
    public async Task No_wrong_result_is_accepted(string faults)
    {
        await using FpgaBackend backend = await SimulatedCard.OpenAsync(faults, new FpgaBackendOptions { Threads = 1, WindowBits = 4, ChunkScalars = 26 });
        Random random = new(9);
        (G1Affine[] points, Fr[] logarithms) = Samples.Points<Fq, Bn254G1>(random, MsmCount);
        int right = 0, refused = 0;
        for (int round = 0; round < TestScale.Count(40); round++)
        {
            try
            {
                if (round % 2 == 0)
                {
                    Fr[] scalars = Samples.WitnessScalars(random, MsmCount);
                    await using IBaseSet<G1Affine> bases = await backend.LoadBasesAsync(points, Cancel);
                    Assert.Equal(Samples.ByLogarithms<Fq, Bn254G1>(scalars, logarithms), await backend.MsmAsync(bases, new MemoryScalarSource(scalars), Cancel));
                }
                else
                {
                    Fr[] values = Samples.Scalars(random, 1 << NttLog2Size);
                    Fr[] expected = Samples.NaiveTransform(values, Fr.One);
                    await backend.NttAsync(new NttPlan(NttLog2Size, NttDirection.Forward), values, Cancel);
                    Assert.Equal(expected, values);
                }

                right++;
            }
            catch (DeviceException)
            {
                refused++;
            }
        }

        Assert.True(right > 0, $"all {refused} operations were refused");
        Assert.True(refused > 0, $"no fault met any of {right} operations");
        TestContext.Current.TestOutputHelper?.WriteLine($"{faults}: {right} right, {refused} refused");
    }

    [Theory]
    [InlineData(SimFault.Lost, 0x2000)]
    [InlineData(SimFault.Lost, 0x1000)]
    [InlineData(SimFault.ReadError, 0x2000)]
    [InlineData(SimFault.WriteError, 0x2000)]
    [InlineData(SimFault.Flip, 0x2000)]
    public async Task The_operation_after_a_fault_works(SimFault fault, int first)
    {
        SimTransport transport = SimulatedCard.Transport("seed=31");
        await using FpgaBackend backend = await FpgaBackend.OpenAsync(transport, new FpgaBackendOptions { Threads = 1 }, Cancel);
        Random random = new(10);
        Fr[] values = Samples.Scalars(random, 1 << NttLog2Size);
        Fr[] expected = Samples.NaiveTransform(values, Fr.One);

        // Data lie behind the rings of commands, at 0, and of completions, at 0x1000. The caller's values must stay what they were.
        Fr[] faulty = [.. values];
        await transport.InjectAsync(fault, 1, new DeviceAddress((ulong)first), new DeviceAddress(ulong.MaxValue), Cancel);
        await Assert.ThrowsAnyAsync<DeviceException>(async () => await backend.NttAsync(new NttPlan(NttLog2Size, NttDirection.Forward), faulty, Cancel));
        Assert.Equal(values, faulty);

        await transport.InjectAsync(fault, 0, new DeviceAddress(0), new DeviceAddress(ulong.MaxValue), Cancel);
        await backend.NttAsync(new NttPlan(NttLog2Size, NttDirection.Forward), values, Cancel);
        Assert.Equal(expected, values);
    }
}
