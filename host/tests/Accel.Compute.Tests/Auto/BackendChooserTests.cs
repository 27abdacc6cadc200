using Accel.Compute.Auto;
using Xunit;

namespace Accel.Compute.Tests.Auto;

/// <summary>The choosing logic on made-up models.</summary>
public class BackendChooserTests
{
    private static readonly ComputeOperation[] Operations = Enum.GetValues<ComputeOperation>();

    [Fact]
    public void Each_size_goes_to_the_device_that_is_done_first()
    {
        // A start-up cost of 2 ms against a hundred times the speed: they meet near 200,000/99 ≈ 2,020 scalars.
        DeviceState cpu = Device("cpu", count => count * 1e-3);
        DeviceState gpu = Device("gpu", count => 2 + (count * 1e-5));
        foreach ((int count, string device) in new[] { (1, "cpu"), (1000, "cpu"), (1500, "cpu"), (3000, "gpu"), (1 << 20, "gpu") })
        {
            Choice choice = BackendChooser.Choose(ComputeOperation.Ntt, count, [cpu, gpu]);
            Assert.Equal(device, Assert.Single(choice.Shares).Device);
            Assert.Equal(choice.ExpectedMs, choice.Candidates.Min(candidate => candidate.ExpectedMs));
        }
    }

    [Fact]
    public void A_tie_goes_to_the_first() =>
        Assert.Equal("b", BackendChooser.Choose(ComputeOperation.Ntt, 64, [Device("b", _ => 1), Device("a", _ => 1)]).Shares[0].Device);

    [Fact]
    public void Work_under_way_counts()
    {
        DeviceState cpu = Device("cpu", _ => 10);
        DeviceState gpu = Device("gpu", _ => 3) with { Resource = "gpu" };
        Assert.Equal("gpu", BackendChooser.Choose(ComputeOperation.Ntt, 64, [cpu, gpu with { BacklogMs = 6 }]).Shares[0].Device);
        Choice busy = BackendChooser.Choose(ComputeOperation.Ntt, 64, [cpu, gpu with { BacklogMs = 8 }]);
        Assert.Equal("cpu", busy.Shares[0].Device);
        Assert.Equal(11, busy.Candidates[1].ExpectedMs!.Value, 9);
        Assert.Equal(10, busy.Shares[0].WorkMs, 9);
    }

    [Fact]
    public void Bases_that_are_not_there_yet_cost_their_transfer_once_in_so_many_uses()
    {
        DeviceState cpu = Device("cpu", _ => 10);
        DeviceState gpu = Device("gpu", _ => 2, load: _ => 20) with { IsResident = false };
        Assert.Equal("cpu", BackendChooser.Choose(ComputeOperation.MsmG1, 64, [cpu, gpu]).Shares[0].Device);
        Assert.Equal("gpu", BackendChooser.Choose(ComputeOperation.MsmG1, 64, [cpu, gpu with { IsResident = true }]).Shares[0].Device);
        Assert.Equal("gpu", BackendChooser.Choose(ComputeOperation.MsmG1, 64, [cpu, gpu], uses: 10).Shares[0].Device);
    }

    [Fact]
    public void Refused_and_unmeasured_devices_are_named_with_the_reason()
    {
        DeviceState cpu = Device("cpu", _ => 10);
        DeviceState gpu = Device("gpu", _ => 1) with { Refusal = "quarantined: it lied" };
        DeviceState card = new("card", new CostModel([]), "card");
        Choice choice = BackendChooser.Choose(ComputeOperation.MsmG2, 5, [gpu, card, cpu]);
        Assert.Equal("cpu", choice.Shares[0].Device);
        Assert.Equal(["quarantined: it lied", "MsmG2 was not measured on it", null], choice.Candidates.Select(candidate => candidate.Refusal));
        NotSupportedException none = Assert.Throws<NotSupportedException>(() => BackendChooser.Choose(ComputeOperation.MsmG2, 5, [gpu, card]));
        Assert.Contains("gpu: quarantined: it lied", none.Message, StringComparison.Ordinal);
        Assert.Contains("card: MsmG2 was not measured on it", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_product_is_split_so_that_all_end_together()
    {
        DeviceState[] devices = [Device("a", count => count * 1e-3), Device("b", count => 5 + (count * 2e-3)), Device("c", count => 1000 + count)];
        const int Count = 300_000;
        Choice choice = BackendChooser.Choose(ComputeOperation.MsmG1, Count, devices);
        Assert.Equal(["a", "b"], choice.Shares.Select(share => share.Device));
        Assert.Equal(Count, choice.Shares.Sum(share => share.Count));
        Assert.Equal(0, choice.Shares[0].Offset);
        Assert.Equal(choice.Shares[0].Count, choice.Shares[1].Offset);

        // 1e-3·n = 5 + 2e-3·(N − n): n = (5 + 600) / 3e-3.
        Assert.InRange(choice.Shares[0].Count, 201_000, 202_500);
        Assert.InRange(choice.ExpectedMs, 200, 204);
        Assert.All(choice.Shares, share => Assert.InRange(share.WorkMs, choice.ExpectedMs * 0.98, choice.ExpectedMs));
    }

    [Fact]
    public void A_transform_is_never_split() =>
        Assert.Single(BackendChooser.Choose(ComputeOperation.Ntt, 1 << 20, [Device("a", count => count), Device("b", count => count)]).Shares);

    [Fact]
    public void Devices_of_one_resource_do_not_share_a_product()
    {
        DeviceState a = Device("a", count => count) with { Resource = BackendInfo.HostProcessor };
        DeviceState b = Device("b", count => count * 1.1) with { Resource = BackendInfo.HostProcessor };
        Assert.Equal("a", Assert.Single(BackendChooser.Choose(ComputeOperation.MsmG1, 1 << 20, [a, b]).Shares).Device);
    }

    [Fact]
    public void A_split_that_gains_little_is_not_made() =>
        Assert.Single(BackendChooser.Choose(ComputeOperation.MsmG1, 1 << 20, [Device("a", count => count), Device("b", count => 20 * count)]).Shares);

    /// <summary>Tables of random but plausible devices, interpolated from every other size: the sum of the choices is close to the sum of the best.</summary>
    [Fact]
    public void The_sum_of_the_choices_is_close_to_the_best_on_random_tables()
    {
        Random random = new(7);
        for (int table = 0; table < 200; table++)
        {
            Func<ComputeOperation, int, double>[] truths = [.. Enumerable.Range(0, 4).Select(_ =>
            {
                double[] start = [.. Operations.Select(_ => Math.Pow(10, (random.NextDouble() * 4) - 2))];
                double[] each = [.. Operations.Select(_ => Math.Pow(10, (random.NextDouble() * 3) - 6))];
                double[] exponent = [.. Operations.Select(_ => 0.9 + (random.NextDouble() * 0.2))];
                return new Func<ComputeOperation, int, double>((operation, count) => start[(int)operation] + (each[(int)operation] * Math.Pow(count, exponent[(int)operation])));
            })];
            DeviceState[] devices = [.. truths.Select((truth, i) => new DeviceState(
                $"{i}",
                new CostModel(Operations.SelectMany(operation => new[] { 8, 10, 12, 14, 16, 18 }.Select(log2 => new OperationTime(operation, 1 << log2, truth(operation, 1 << log2))))),
                BackendInfo.HostProcessor))];
            double chosen = 0;
            double best = 0;
            foreach (ComputeOperation operation in Operations)
            {
                for (int log2 = 8; log2 <= 18; log2++)
                {
                    int device = int.Parse(BackendChooser.Choose(operation, 1 << log2, devices).Shares[0].Device, System.Globalization.CultureInfo.InvariantCulture);
                    chosen += truths[device](operation, 1 << log2);
                    best += truths.Min(truth => truth(operation, 1 << log2));
                }
            }

            Assert.InRange(chosen / best, 1, 1.1);
        }
    }

    /// <summary>A device whose time for anything is a function of the size, measured densely.</summary>
    private static DeviceState Device(string name, Func<int, double> milliseconds, Func<int, double>? load = null)
    {
        IEnumerable<OperationTime> Measure(ComputeOperation operation, Func<int, double> time) =>
            Enumerable.Range(0, 81).Select(i => (int)Math.Round(Math.Pow(2, i / 4.0))).Distinct().Select(count => new OperationTime(operation, count, time(count)));
        return new DeviceState(
            name,
            new CostModel([
                .. Operations.Where(operation => operation != ComputeOperation.LoadG1).SelectMany(operation => Measure(operation, milliseconds)),
                .. load is null ? [] : Measure(ComputeOperation.LoadG1, load)]),
            name);
    }
}
