using Accel.Compute.Auto;
using Accel.Device;
using Xunit;

namespace Accel.Compute.Tests;

/// <summary>A card that becomes too hot.</summary>
public sealed class HotCardTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Above_its_limit_a_card_is_given_no_work_and_below_it_is_again()
    {
        SimTransport card = SimulatedCard.Transport(string.Empty);
        await using FpgaBackend backend = await FpgaBackend.OpenAsync(card, new FpgaBackendOptions { Threads = 1, CelsiusMax = 80 }, Cancel);
        (G1Affine[] points, _) = Samples.Points<Fq, Bn254G1>(new Random(1), 8);
        Fr[] values = new Fr[16];
        NttPlan plan = new(4, NttDirection.Forward);
        await backend.NttAsync(plan, values, Cancel);
        await using IBaseSet<G1Affine> bases = await backend.LoadBasesAsync(points, Cancel);

        await card.SetTemperatureAsync(80.0625, Cancel);
        DeviceTemperatureException hot = await Assert.ThrowsAsync<DeviceTemperatureException>(() => backend.NttAsync(plan, values, Cancel).AsTask());
        Assert.Equal(80.0625, hot.Celsius);
        Assert.Contains("80.1 °C", hot.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DeviceTemperatureException>(() => backend.LoadBasesAsync(points, Cancel).AsTask());
        await Assert.ThrowsAsync<DeviceTemperatureException>(() => backend.MsmAsync(bases, new MemoryScalarSource(values.AsMemory(0, 8)), Cancel).AsTask());
        await Assert.ThrowsAsync<DeviceTemperatureException>(
            () => backend.QuotientAsync(new QuotientInput(new Fr[4], new Fr[4], new Fr[4]), Cancel).AsTask());

        foreach (double? cool in new double?[] { 80, -3.5, null })
        {
            await card.SetTemperatureAsync(cool, Cancel);
            await backend.NttAsync(plan, values, Cancel);
        }
    }

    [Fact]
    public async Task Its_work_goes_elsewhere_until_it_has_cooled_down()
    {
        Assert.SkipUnless(SimTransport.IsBuilt(), SimulatedCard.NotBuilt);
        double celsius = 60;
        SimTransport card = new();
        CostModel fast = new([new OperationTime(ComputeOperation.Ntt, 1, 1e-6)]);
        CostModel slow = new([new OperationTime(ComputeOperation.Ntt, 1, 1000)]);
        AutoBackendOptions options = new()
        {
            FirstPause = TimeSpan.Zero,
            SelfTest = async (backend, cancel) =>
            {
                await backend.NttAsync(new NttPlan(2, NttDirection.Forward), new Fr[4], cancel);
                return null;
            },
        };
        AutoDevice device = new("card", fast, async cancel =>
        {
            card = new SimTransport();
            await card.SetTemperatureAsync(celsius, cancel);
            return await FpgaBackend.OpenAsync(card, new FpgaBackendOptions { Threads = 1 }, cancel);
        });
        await using AutoBackend backend = await AutoBackend.OpenAsync(new AutoDevice("cpu", slow, _ => new(new CpuBackend(threads: 1))), [device], options, Cancel);
        Assert.Equal("card", await DeviceOfATransformAsync());

        celsius = FpgaBackendOptions.CelsiusMaxUsual + 1;
        await card.SetTemperatureAsync(celsius, Cancel);
        Assert.Equal("cpu", await DeviceOfATransformAsync());
        Assert.Contains("96.0 °C", backend.Choices[^1].Choice.Candidates[1].Refusal, StringComparison.Ordinal);
        await backend.SettleAsync();
        Assert.Equal(DeviceHealth.Quarantined, backend.Devices[1].Health);

        celsius = 60;
        await DeviceOfATransformAsync();
        await backend.SettleAsync();
        Assert.Equal("card", await DeviceOfATransformAsync());

        async Task<string> DeviceOfATransformAsync()
        {
            await backend.NttAsync(new NttPlan(4, NttDirection.Forward), new Fr[16], Cancel);
            return backend.Choices[^1].Choice.Shares[0].Device;
        }
    }
}
