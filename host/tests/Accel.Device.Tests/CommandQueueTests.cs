using Xunit;

namespace Accel.Device.Tests;

public class CommandQueueTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Capabilities_are_read_from_the_registers()
    {
        ScriptedCard card = new();
        await using CommandQueue queue = await CommandQueue.OpenAsync(card, null, Cancel);
        DeviceCapabilities found = queue.Capabilities;
        Assert.Equal((true, false, true), (found.HasMsm, found.HasNtt, found.HasPointwise));
        Assert.Equal((1, 254, 253, 256, 260), (found.CurveId, found.FieldBits, found.ScalarBits, found.FieldRBits, found.ScalarRBits));
        Assert.Equal((17, 2, 13, 77), (found.MsmCellsLog2, found.WindowBitsMin, found.WindowBitsMax, found.AdderLatency));
        Assert.Equal((4, 12, 28, 1L << 20, 16), (found.NttLanes, found.NttTileLog2Max, found.NttLog2Max, found.MemoryBytes, found.RingLog2Max));
        Assert.Equal(20, found.Windows(13));
        Assert.True(found.IsWindowLegal(13));
        Assert.False(found.IsWindowLegal(14));
        Assert.False(found.IsWindowLegal(1));
        Assert.False((found with { MsmCellsLog2 = 16 }).IsWindowLegal(13));
    }

    [Fact]
    public async Task A_card_of_another_kind_or_version_is_refused()
    {
        ScriptedCard stranger = new() { [AccelRegisters.Id] = 0x12345678 };
        DeviceException wrongId = await Assert.ThrowsAsync<DeviceException>(() => CommandQueue.OpenAsync(stranger, null, Cancel));
        Assert.Contains("0x12345678", wrongId.Message, StringComparison.Ordinal);
        ScriptedCard newer = new() { [AccelRegisters.Version] = 0x00070003 };
        DeviceException wrongVersion = await Assert.ThrowsAsync<DeviceException>(() => CommandQueue.OpenAsync(newer, null, Cancel));
        Assert.Contains("7.3", wrongVersion.Message, StringComparison.Ordinal);
        ScriptedCard addition = new() { [AccelRegisters.Version] = (AccelRegisters.VersionMajorValue << 16) | 9 };
        await using CommandQueue queue = await CommandQueue.OpenAsync(addition, null, Cancel);
        Assert.Equal(9, queue.Capabilities.MinorVersion);
    }

    [Fact]
    public async Task Commands_complete_in_any_order_and_wrap_around_the_rings()
    {
        Random random = new(7);
        ScriptedCard card = new() { Place = count => random.Next(count + 1) };
        await using CommandQueue queue = await CommandQueue.OpenAsync(card, new CommandQueueOptions { RingLog2 = 3, InFlightMax = 32 }, Cancel);
        Assert.Equal(7, queue.InFlightMax);
        Task<DeviceCompletion>[] all = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => queue.SubmitAsync(DeviceCommand.Nop(), 1_000_000, Cancel)));
        DeviceCompletion[] completions = await Task.WhenAll(all);
        Assert.Equal(200, completions.Select(completion => completion.Sequence).Distinct().Count());
        Assert.Equal(200, card.Fetched.Count);
        Assert.InRange(card.InFlightSeen, 1, 7);
    }

    [Fact]
    public async Task A_command_without_completion_times_out_by_name_and_the_queue_works_again_after_a_reset()
    {
        TaskCompletionSource bothSubmitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedCard card = new() { Bend = _ => null, TimeStarts = bothSubmitted.Task };
        await using CommandQueue queue = await CommandQueue.OpenAsync(card, null, Cancel);
        Task<DeviceCompletion> lost = await queue.SubmitAsync(DeviceCommand.Pointwise(3, default, default, default, default), 5_000, Cancel);
        Task<DeviceCompletion> behind = await queue.SubmitAsync(DeviceCommand.Nop(), 5_000, Cancel);
        bothSubmitted.SetResult();
        DeviceTimeoutException error = await Assert.ThrowsAsync<DeviceTimeoutException>(() => lost);
        Assert.Equal((DeviceOpcode.Pointwise, (ushort)0), (error.Command.Opcode, error.Tag));
        Assert.Contains("Pointwise", error.Message, StringComparison.Ordinal);
        Assert.Contains("tag 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("status 0x", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DeviceTimeoutException>(() => behind);
        Assert.True(queue.IsFaulted);
        await Assert.ThrowsAsync<DeviceException>(() => queue.ExecuteAsync(DeviceCommand.Nop(), 1000, Cancel));

        card.Bend = completion => completion;
        await queue.ResetAsync(Cancel);
        Assert.False(queue.IsFaulted);
        Assert.True((await queue.ExecuteAsync(DeviceCommand.Nop(), 1000, Cancel)).IsOk);
    }

    [Fact]
    public async Task Deadlines_add_up_along_the_queue()
    {
        // Each of these takes its whole time behind the others, and none is late.
        ScriptedCard card = new() { Delay = 5_000 };
        await using CommandQueue queue = await CommandQueue.OpenAsync(card, new CommandQueueOptions { WaitCyclesMax = 100 }, Cancel);
        Task<DeviceCompletion>[] all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => queue.SubmitAsync(DeviceCommand.Nop(), 5_001, Cancel)));
        Assert.All(await Task.WhenAll(all), completion => Assert.True(completion.IsOk));
        await Assert.ThrowsAsync<DeviceTimeoutException>(() => queue.ExecuteAsync(DeviceCommand.Nop(), 4_000, Cancel));
    }

    [Fact]
    public async Task An_error_status_fails_its_own_command_only()
    {
        ScriptedCard card = new() { Bend = completion => completion.Tag == 1 ? completion with { Status = (byte)DeviceStatus.BadWindow } : completion };
        await using CommandQueue queue = await CommandQueue.OpenAsync(card, null, Cancel);
        Assert.True((await queue.ExecuteAsync(DeviceCommand.Nop(), 1000, Cancel)).IsOk);
        DeviceCommandException error = await Assert.ThrowsAsync<DeviceCommandException>(() => queue.ExecuteAsync(DeviceCommand.Nop(), 1000, Cancel));
        Assert.Equal((byte)DeviceStatus.BadWindow, error.Completion.Status);
        Assert.Contains("BadWindow", error.Message, StringComparison.Ordinal);
        Assert.True((await queue.ExecuteAsync(DeviceCommand.Nop(), 1000, Cancel)).IsOk);
    }

    [Theory]
    [InlineData("tag")]
    [InlineData("sequence")]
    [InlineData("tail")]
    [InlineData("fault")]
    public async Task Broken_rings_fail_everything_that_is_pending(string what)
    {
        ScriptedCard card = new();
        card.Bend = completion =>
        {
            switch (what)
            {
                case "tag": return completion with { Tag = 999 };
                case "sequence": return completion with { Sequence = completion.Sequence + 1 };
                case "tail": card[AccelRegisters.CompletionTail] = 5000; return null;
                default: card[AccelRegisters.Status] = AccelRegisters.StatusFault; return null;
            }
        };
        await using CommandQueue queue = await CommandQueue.OpenAsync(card, null, Cancel);
        Task<DeviceCompletion>[] all = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => queue.SubmitAsync(DeviceCommand.Nop(), 1_000_000, Cancel)));
        foreach (Task<DeviceCompletion> one in all)
        {
            await Assert.ThrowsAsync<DeviceProtocolException>(() => one);
        }

        Assert.True(queue.IsFaulted);
    }

    [Fact]
    public async Task A_completion_of_another_opcode_is_no_completion()
    {
        ScriptedCard card = new() { Bend = completion => completion with { Opcode = DeviceOpcode.Ntt } };
        await using CommandQueue queue = await CommandQueue.OpenAsync(card, null, Cancel);
        await Assert.ThrowsAsync<DeviceProtocolException>(() => queue.ExecuteAsync(DeviceCommand.Nop(), 1000, Cancel));
    }

    [Fact]
    public async Task A_descriptor_that_cannot_be_written_stops_the_queue()
    {
        ScriptedCard card = new();
        await using CommandQueue queue = await CommandQueue.OpenAsync(card, null, Cancel);
        card.FailNextWrite = true;
        await Assert.ThrowsAsync<DeviceException>(() => queue.SubmitAsync(DeviceCommand.Nop(), 1000, Cancel));
        Assert.True(queue.IsFaulted);
        await queue.ResetAsync(Cancel);
        for (int i = 0; i < 2 * queue.InFlightMax; i++)
        {
            Assert.True((await queue.ExecuteAsync(DeviceCommand.Nop(), 1000, Cancel)).IsOk);
        }
    }

    [Fact]
    public async Task The_time_of_a_command_begins_at_its_doorbell_whatever_others_wait_for_meanwhile()
    {
        await using CommandQueue queue = await CommandQueue.OpenAsync(new ScriptedCard(), null, Cancel);
        for (int i = 0; i < 5_000; i++)
        {
            Assert.True((await queue.ExecuteAsync(DeviceCommand.Nop(), 1000, Cancel)).IsOk);
        }
    }

    [Fact]
    public async Task Cancelling_frees_the_waiter_and_keeps_the_slot_until_the_device_is_done()
    {
        ScriptedCard card = new() { Bend = _ => null };
        await using CommandQueue queue = await CommandQueue.OpenAsync(card, new CommandQueueOptions { InFlightMax = 1 }, Cancel);
        Task<DeviceCompletion> running = await queue.SubmitAsync(DeviceCommand.Nop(), 100_000_000, Cancel);
        using CancellationTokenSource source = new();
        Task<Task<DeviceCompletion>> waiting = queue.SubmitAsync(DeviceCommand.Nop(), 1000, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await queue.ResetAsync(Cancel);
        await Assert.ThrowsAsync<DeviceException>(() => running);
    }

    [Fact]
    public async Task A_soft_reset_that_hangs_is_followed_by_the_reset_line()
    {
        ScriptedCard card = new() { SoftResetHangs = true };
        await using CommandQueue queue = await CommandQueue.OpenAsync(card, null, Cancel);
        Assert.Equal(1, card.HardResets);
        Assert.True((await queue.ExecuteAsync(DeviceCommand.Nop(), 1000, Cancel)).IsOk);
        card.SoftResetHangs = false;
        await queue.ResetAsync(Cancel);
        Assert.Equal(1, card.HardResets);
    }

    [Fact]
    public async Task Closing_fails_what_is_pending_and_closes_the_transport()
    {
        ScriptedCard card = new() { Bend = _ => null };
        CommandQueue queue = await CommandQueue.OpenAsync(card, null, Cancel);
        Task<DeviceCompletion> pending = await queue.SubmitAsync(DeviceCommand.Nop(), 100_000_000, Cancel);
        await queue.DisposeAsync();
        await queue.DisposeAsync();
        await Assert.ThrowsAsync<DeviceException>(() => pending);
        Assert.True(card.Disposed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => queue.ResetAsync(Cancel));
    }

    [Fact]
    public async Task Transfers_of_any_length_are_cut_into_chunks_of_whole_beats()
    {
        ScriptedCard card = new();
        byte[] sent = new byte[10_000 + 32];
        new Random(3).NextBytes(sent);
        await card.WriteAllAsync(new DeviceAddress(512), sent, Cancel);
        byte[] received = new byte[sent.Length];
        await card.ReadAllAsync(new DeviceAddress(512), received, Cancel);
        Assert.Equal(sent, received);
    }
}
