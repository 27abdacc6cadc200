using Accel.Compute.Auto;
using Accel.Device;
using Accel.Testing;
using Xunit;

namespace Accel.Compute.Tests.Auto;

/// <summary>The contract on a processor and a second device that is chosen for large sizes, and what becomes of that device when it fails.</summary>
public class AutoBackendTests : ComputeBackendContract
{
    private const string Gpu = "gpu";

    private static readonly CostModel Slow = Model(count => 1e-3 * count);

    private static readonly CostModel Fast = Model(count => 0.1 + (1e-5 * count));

    [Fact]
    public async Task Choices_are_recorded_with_every_candidate()
    {
        await using AutoBackend backend = await OpenAsync(() => new BentBackend { Resource = Gpu });
        await CheckRoundTrip(backend, 1, log2: 4);
        await CheckRoundTrip(backend, 2, log2: 10);
        Assert.Equal([16, 1024], backend.Choices.Select(record => record.Choice.Count).Distinct());
        Assert.All(backend.Choices, record =>
        {
            Assert.Equal(record.Choice.Count == 16 ? "cpu" : Gpu, Assert.Single(record.Choice.Shares).Device);
            Assert.Equal(["cpu", Gpu], record.Choice.Candidates.Select(candidate => candidate.Device));
            Assert.NotNull(record.ActualMs);
            Assert.Null(record.Failure);
        });
    }

    [Fact]
    public async Task A_large_product_is_split_and_right()
    {
        await using AutoBackend backend = await OpenAsync(() => new BentBackend { Resource = Gpu }, Slow);
        await CheckMsm<Fq, Bn254G1>(backend, 3, 20_000);
        Assert.Equal(["cpu", Gpu], backend.Choices[^1].Choice.Shares.Select(share => share.Device).Order());
        await CheckMsm<Fq2, Bn254G2>(backend, 4, 9_000);
        Assert.Equal(2, backend.Choices[^1].Choice.Shares.Count);
    }

    [Theory]
    [InlineData("ntt")]
    [InlineData("quotient")]
    [InlineData("g1")]
    [InlineData("g2")]
    public async Task What_a_device_fails_at_is_done_elsewhere_and_the_device_is_quarantined(string part)
    {
        List<DeviceNotice> notices = [];
        int calls = 0;
        await using AutoBackend backend = await OpenAsync(() => new BentBackend { Resource = Gpu, Dies = part, Before = _ => calls++ }, notices: notices);
        await RunAsync(backend, part);
        Assert.Equal(1, calls);
        DeviceNotice notice = Assert.Single(notices);
        Assert.Equal((Gpu, DeviceHealth.Quarantined), (notice.Device, notice.Health));
        Assert.Contains("the bus did not answer", notice.Message, StringComparison.Ordinal);
        await RunAsync(backend, part);
        Assert.Equal(1, calls);
        Assert.Contains("the bus did not answer", backend.Choices[^1].Choice.Candidates[1].Refusal, StringComparison.Ordinal);
        Assert.Contains(backend.Choices, record => record.Failure?.StartsWith(Gpu, StringComparison.Ordinal) == true && record.ActualMs is null);
    }

    [Fact]
    public async Task A_device_comes_back_when_it_passes_its_self_test_and_not_before()
    {
        List<DeviceNotice> notices = [];
        int opened = 0;
        bool broken = true;
        AutoBackendOptions options = new() { FirstPause = TimeSpan.Zero, SelfTest = SmallSelfTest };
        await using AutoBackend backend = await OpenAsync(
            () =>
            {
                opened++;
                return new BentBackend { Resource = Gpu, Before = _ => { if (broken) { throw new DeviceException("it burns"); } } };
            },
            notices: notices,
            options: options);
        await CheckRoundTrip(backend, 1, log2: 10);
        await backend.SettleAsync();
        Assert.Contains(notices, notice => notice.Health == DeviceHealth.Quarantined && notice.Message.Contains("failed its self-test", StringComparison.Ordinal));
        Assert.Equal(DeviceHealth.Quarantined, backend.Devices[1].Health);
        broken = false;

        // Asking is what starts the next test.
        await CheckRoundTrip(backend, 2, log2: 10);
        await backend.SettleAsync();
        Assert.Equal(DeviceHealth.Ready, backend.Devices[1].Health);
        Assert.Equal(DeviceHealth.Ready, notices[^1].Health);
        await CheckRoundTrip(backend, 3, log2: 10);
        Assert.Equal(Gpu, backend.Choices[^1].Choice.Shares[0].Device);
        Assert.True(opened >= 3, $"opened {opened} times");
    }

    [Fact]
    public async Task What_one_program_found_wanting_the_next_one_tests_before_it_uses_it()
    {
        using TemporaryFolder folder = new();
        QuarantineFolder quarantines = new(folder["quarantine"]);
        AutoBackendOptions options = new() { FirstPause = TimeSpan.Zero, SelfTest = SmallSelfTest, Quarantines = quarantines };
        await using (AutoBackend first = await OpenAsync(() => new BentBackend { Resource = Gpu, Dies = "ntt" }, options: options with { FirstPause = TimeSpan.FromHours(1) }))
        {
            await CheckRoundTrip(first, 1, log2: 10);
        }

        Quarantine kept = Assert.IsType<Quarantine>(quarantines.Find(Gpu));
        Assert.Contains("the bus did not answer", kept.Reason, StringComparison.Ordinal);
        Assert.Equal((1, TimeSpan.FromHours(1)), (kept.Failures, kept.NextTest - kept.Since));

        // Before its time the device is not even opened.
        List<DeviceNotice> notices = [];
        await using (AutoBackend early = await OpenAsync(() => throw new InvalidOperationException("opened"), notices: notices, options: options))
        {
            await CheckRoundTrip(early, 2, log2: 10);
            await early.SettleAsync();
            Assert.Contains(kept.Reason, Assert.Single(notices).Message, StringComparison.Ordinal);
        }

        // After it, a test that fails counts on, and one that passes ends the quarantine.
        quarantines.Put(kept with { NextTest = DateTimeOffset.UnixEpoch });
        AutoBackendOptions patient = options with { FirstPause = TimeSpan.FromHours(1), LongestPause = TimeSpan.FromHours(9) };
        await using (AutoBackend still = await OpenAsync(() => new BentBackend { Resource = Gpu, Dies = "ntt" }, options: patient))
        {
            await CheckRoundTrip(still, 3, log2: 10);
            await still.SettleAsync();
        }

        Quarantine longer = Assert.IsType<Quarantine>(quarantines.Find(Gpu));
        Assert.Equal((2, kept.Since), (longer.Failures, longer.Since));
        Assert.InRange(longer.NextTest - DateTimeOffset.UtcNow, TimeSpan.FromHours(1.5), TimeSpan.FromHours(2));
        quarantines.Put(longer with { NextTest = DateTimeOffset.UnixEpoch });
        await using AutoBackend mended = await OpenAsync(() => new BentBackend { Resource = Gpu }, options: options);
        await CheckRoundTrip(mended, 4, log2: 10);
        await mended.SettleAsync();
        Assert.Null(quarantines.Find(Gpu));
        await CheckRoundTrip(mended, 5, log2: 10);
        Assert.Equal(Gpu, mended.Choices[^1].Choice.Shares[0].Device);
    }

    [Fact]
    public async Task A_quarantine_that_can_not_be_kept_is_told_and_loses_no_work()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["file"], "no folder");
        List<DeviceNotice> notices = [];
        AutoBackendOptions options = new() { Quarantines = new QuarantineFolder(Path.Combine(folder["file"], "below")) };
        await using AutoBackend backend = await OpenAsync(() => new BentBackend { Resource = Gpu, Dies = "ntt" }, notices: notices, options: options);
        await CheckRoundTrip(backend, 1, log2: 10);
        Assert.Contains(notices, notice => notice.Message.Contains("can't be kept", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_device_that_does_not_answer_in_time_is_cancelled_and_replaced()
    {
        List<DeviceNotice> notices = [];
        AutoBackendOptions options = new() { DeadlineFloor = TimeSpan.FromMilliseconds(100), Patience = 1 };
        await using AutoBackend backend = await OpenAsync(
            () => new BentBackend { Resource = Gpu, During = (_, cancel) => Task.Delay(Timeout.InfiniteTimeSpan, cancel) }, notices: notices, options: options);
        await CheckRoundTrip(backend, 1, log2: 10);
        Assert.Equal(DeviceHealth.Quarantined, Assert.Single(notices).Health);
        Assert.Contains("did not end within", notices[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_does_not_even_end_when_cancelled_is_lost_for_good()
    {
        List<DeviceNotice> notices = [];
        TaskCompletionSource never = new();
        AutoBackendOptions options = new()
        {
            DeadlineFloor = TimeSpan.FromMilliseconds(100),
            Patience = 1,
            Grace = TimeSpan.FromMilliseconds(100),
            FirstPause = TimeSpan.Zero,
        };
        await using AutoBackend backend = await OpenAsync(() => new BentBackend { Resource = Gpu, During = (_, _) => never.Task }, notices: notices, options: options);
        await CheckRoundTrip(backend, 1, log2: 10);
        await CheckRoundTrip(backend, 2, log2: 10);
        Assert.Equal(DeviceHealth.Lost, backend.Devices[1].Health);
        Assert.Equal(DeviceHealth.Lost, Assert.Single(notices).Health);

        // What ends after all is nobody's any more.
        never.SetResult();
        await CheckRoundTrip(backend, 3, log2: 10);
    }

    [Fact]
    public async Task Losing_a_device_in_a_product_costs_one_segment()
    {
        int calls = 0;
        AutoBackendOptions options = new() { SegmentScalars = 500 };
        await using AutoBackend backend = await OpenAsync(
            () => new BentBackend { Resource = Gpu, Before = _ => { if (++calls == 4) { throw new DeviceException("unplugged"); } } }, options: options);
        await CheckMsm<Fq, Bn254G1>(backend, 5, 3_000);
        Assert.Equal(4, calls);
        Assert.Equal([(3_000, false), (1_500, true), (3_000, true)], backend.Choices.Select(record => ((int)record.Choice.Count, record.Failure is null)));
    }

    [Fact]
    public async Task A_device_that_says_it_can_not_is_not_asked_again_and_not_quarantined()
    {
        List<DeviceNotice> notices = [];
        int calls = 0;
        await using AutoBackend backend = await OpenAsync(() => new BentBackend { Resource = Gpu, Lacks = part => part == "ntt", Before = _ => calls++ }, notices: notices);
        await CheckRoundTrip(backend, 1, log2: 10);
        Assert.Equal(1, calls);
        Assert.Equal(DeviceHealth.Ready, backend.Devices[1].Health);
        Assert.Empty(notices);
        Assert.Equal("no ntt here", backend.Choices[^1].Choice.Candidates[1].Refusal);
        await CheckMsm<Fq, Bn254G1>(backend, 3, 500);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task A_device_that_can_not_be_opened_is_quarantined_and_the_rest_works()
    {
        List<DeviceNotice> notices = [];
        await using AutoBackend backend = await OpenAsync(() => throw new DeviceException("no such device"), notices: notices);
        await CheckRoundTrip(backend, 1, log2: 10);
        Assert.Equal("no such device", Assert.Single(notices).Message);
    }

    [Fact]
    public async Task Distrust_leaves_the_processor_alone()
    {
        await using AutoBackend backend = await OpenAsync(() => new BentBackend { Resource = Gpu, Lies = "ntt" });
        Assert.False(backend.Distrust("nothing was used yet"));
        Fr[] values = Samples.Scalars(new Random(1), 1 << 10);
        await backend.NttAsync(new NttPlan(10, NttDirection.Forward), values, Cancel);
        Assert.True(backend.Distrust("the proof does not verify"));
        await CheckRoundTrip(backend, 1, log2: 10);
        Assert.Equal("cpu", backend.Choices[^1].Choice.Shares[0].Device);
        Assert.False(backend.Distrust("again"));
    }

    /// <summary>Whatever a device does, what comes out is right.</summary>
    [Fact]
    public async Task Random_failures_lose_nothing_and_let_nothing_wrong_out()
    {
        Random random = new(99);
        Lock gate = new();
        AutoBackendOptions options = new()
        {
            FirstPause = TimeSpan.Zero,
            DeadlineFloor = TimeSpan.FromMilliseconds(200),
            Patience = 1,
            SegmentScalars = 60,
            SelfTest = SmallSelfTest,
        };
        int failures = 0;
        BentBackend Open() => new()
        {
            Resource = Gpu,
            During = async (_, cancel) =>
            {
                int fate;
                lock (gate)
                {
                    fate = random.Next(100);
                    failures += fate < 12 ? 1 : 0;
                }

                if (fate == 0)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
                }
                else if (fate < 12)
                {
                    throw fate < 6 ? new DeviceException("gone") : new DeviceResultException(Gpu, "something", "it was wrong");
                }
            },
        };
        await using AutoBackend backend = await OpenAsync(Open, options: options);
        for (int i = 0; i < 40; i++)
        {
            await Task.WhenAll(
                CheckMsm<Fq, Bn254G1>(backend, i, 150), CheckMsm<Fq2, Bn254G2>(backend, i, 110), CheckQuotient(backend, i, log2: 5), CheckRoundTrip(backend, i, log2: 8));
            await backend.SettleAsync();
        }

        Assert.True(failures > 10, $"{failures} failures");
        Assert.True(backend.Choices.Count(record => record.Choice.Shares[0].Device == Gpu && record.Failure is null) > 20);
    }

    protected override async ValueTask<IComputeBackend> CreateBackendAsync() => await OpenAsync(() => new BentBackend { Resource = Gpu });

    private static CostModel Model(Func<int, double> milliseconds) => new(Enum.GetValues<ComputeOperation>().Where(operation => operation != ComputeOperation.LoadG1)
        .SelectMany(operation => Enumerable.Range(0, 21).Select(log2 => new OperationTime(operation, 1 << log2, milliseconds(1 << log2)))));

    private static async Task<AutoBackend> OpenAsync(Func<IComputeBackend> gpu, CostModel? model = null, List<DeviceNotice>? notices = null, AutoBackendOptions? options = null) =>
        await AutoBackend.OpenAsync(
            new AutoDevice("cpu", Slow, _ => new(new CpuBackend(threads: 2))),
            [new AutoDevice(Gpu, model ?? Fast, _ => new(gpu()))],
            (options ?? new AutoBackendOptions()) with { Notices = notices is null ? null : new Synchronous(notices.Add) },
            Cancel);

    private static async ValueTask<string?> SmallSelfTest(IComputeBackend backend, CancellationToken cancel)
    {
        SelfTestSequence sequence = new(finished: null, cancel);
        await BackendSelfTest.RunAsync(backend, 2, sequence, cancel);
        return sequence.Report.Passed ? null : sequence.Report.Steps.First(step => !step.Passed).Detail;
    }

    private static Task RunAsync(AutoBackend backend, string part) => part switch
    {
        "ntt" => CheckRoundTrip(backend, 5, log2: 10),
        "quotient" => CheckQuotient(backend, 6, log2: 8),
        "g1" => CheckMsm<Fq, Bn254G1>(backend, 7, 900),
        _ => CheckMsm<Fq2, Bn254G2>(backend, 8, 900),
    };

    private sealed class Synchronous(Action<DeviceNotice> tell) : IProgress<DeviceNotice>
    {
        public void Report(DeviceNotice value) => tell(value);
    }
}
