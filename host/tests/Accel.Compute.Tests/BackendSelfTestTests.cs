using Accel.Device;
using Xunit;

namespace Accel.Compute.Tests;

/// <summary>A backend that works passes, one that lies, refuses or hangs does not, and the report says where.</summary>
public sealed class BackendSelfTestTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_processor_passes_every_step()
    {
        await using CpuBackend backend = new(threads: 2);
        SelfTestReport report = await BackendSelfTest.RunAsync(backend, Cancel);
        Assert.True(report.Passed, Describe(report));
        Assert.All(report.Steps, step => Assert.Equal(SelfTestOutcome.Passed, step.Outcome));
        Assert.Equal(["forward NTT of 2^4", "forward NTT of 2^10", "inverse NTT of 2^10", "inverse NTT of 2^10 on a coset"], report.Steps.Take(4).Select(step => step.Name));
        TestContext.Current.TestOutputHelper?.WriteLine(Describe(report));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(12)]
    public async Task Any_size_works(int log2Size)
    {
        await using CpuBackend backend = new(threads: 2);
        SelfTestSequence sequence = new(finished: null, Cancel);
        await BackendSelfTest.RunAsync(backend, log2Size, sequence, Cancel);
        Assert.True(sequence.Report.Passed, Describe(sequence.Report));
    }

    [Fact]
    [Trait("speed", "slow")]
    public async Task The_simulated_card_passes_every_step()
    {
        await using FpgaBackend backend = await SimulatedCard.OpenAsync();
        SelfTestReport report = await BackendSelfTest.RunAsync(backend, Cancel);
        Assert.True(report.Passed, Describe(report));
        TestContext.Current.TestOutputHelper?.WriteLine(Describe(report));
    }

    [Theory]
    [InlineData("ntt", "NTT")]
    [InlineData("quotient", "quotient")]
    [InlineData("g1", "G1 product")]
    [InlineData("g2", "G2 product")]
    public async Task A_lie_fails_the_steps_of_its_engine_and_no_other(string part, string name)
    {
        await using BentBackend backend = new() { Lies = part };
        SelfTestReport report = await BackendSelfTest.RunAsync(backend, Cancel);
        Assert.False(report.Passed);
        Assert.All(report.Steps, step => Assert.Equal(step.Name.Contains(name, StringComparison.Ordinal) ? SelfTestOutcome.Failed : SelfTestOutcome.Passed, step.Outcome));
    }

    [Fact]
    public async Task A_part_that_is_not_there_is_no_failure_but_nothing_at_all_is_one()
    {
        await using BentBackend partial = new() { Lacks = part => part == "g2" };
        SelfTestReport report = await BackendSelfTest.RunAsync(partial, Cancel);
        Assert.True(report.Passed, Describe(report));
        Assert.Equal("no g2 here", Assert.Single(report.Steps, step => step.Outcome == SelfTestOutcome.Unsupported).Detail);

        await using BentBackend empty = new() { Lacks = _ => true };
        Assert.False((await BackendSelfTest.RunAsync(empty, Cancel)).Passed);
    }

    [Fact]
    public async Task After_a_device_is_lost_nothing_more_is_asked_of_it()
    {
        await using BentBackend backend = new() { Dies = "quotient" };
        SelfTestReport report = await BackendSelfTest.RunAsync(backend, Cancel);
        int at = report.Steps.ToList().FindIndex(step => step.Outcome == SelfTestOutcome.Failed);
        Assert.Equal("the bus did not answer", report.Steps[at].Detail);
        Assert.All(report.Steps.Take(at), step => Assert.Equal(SelfTestOutcome.Passed, step.Outcome));
        Assert.All(report.Steps.Skip(at + 1), step => Assert.Equal(SelfTestOutcome.NotRun, step.Outcome));
    }

    [Fact]
    public async Task A_result_that_the_backend_itself_refuses_fails_its_step_alone()
    {
        await using BentBackend backend = new() { Before = part => { if (part == "quotient") { throw new DeviceResultException("a card", "a quotient", "a sum is off"); } } };
        SelfTestReport report = await BackendSelfTest.RunAsync(backend, Cancel);
        SelfTestStep failed = Assert.Single(report.Steps, step => step.Outcome != SelfTestOutcome.Passed);
        Assert.Contains("a sum is off", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_the_test()
    {
        using CancellationTokenSource source = new();
        await using BentBackend backend = new() { Before = part => { if (part == "g1") { source.Cancel(); } } };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => BackendSelfTest.RunAsync(backend, source.Token).AsTask());
    }

    private static string Describe(SelfTestReport report) =>
        string.Join('\n', report.Steps.Select(step => $"{step.Outcome} {step.Elapsed.TotalMilliseconds:F1} ms {step.Name}: {step.Detail}"));
}
