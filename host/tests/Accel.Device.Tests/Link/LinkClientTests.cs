using Accel.Device.Link;
using Accel.Faults;
using Accel.Testing;
using Xunit;

namespace Accel.Device.Tests.Link;

public class LinkClientTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public void Each_kind_of_request_is_answered()
    {
        LinkRun run = new(1, PathFault.None, 0);
        byte[] bytes = [.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 7))];
        byte[] back = new byte[4096];
        LinkOperation[] operations = [Write(0x20, 5), Read(0x20), WriteMemory(64, bytes), ReadMemory(64, back), Read(0)];
        Finish(run, operations);
        Assert.Equal((5ul, (ulong)LinkDevice.Identity), (ResultOf(operations[1]), ResultOf(operations[4])));
        Assert.Equal(bytes, back);
        LinkOperation[] watches = [Watch(0x20, 5, 700), Watch(0x20, 6, 700)];
        Finish(run, watches);
        Assert.Equal(700ul, ResultOf(watches[0]));
        Assert.InRange(ResultOf(watches[1]), 1ul, 699ul);
        Assert.Equal((1, 0, 0), (run.Client.Statistics.Sessions, run.Client.Statistics.Timeouts, run.Client.Statistics.FramesResent));
    }

    [Fact]
    public void Errors_of_the_bus_are_errors_of_that_request_alone()
    {
        LinkRun run = new(2, PathFault.None, 0);
        LinkOperation[] operations = [Write(0, 1), ReadMemory(1 << 16, new byte[64]), Read(0)];
        Finish(run, operations);
        string refused = Cause<DeviceException>(operations[0]).Message;
        Assert.Contains("writing register 0x000 failed: the device's bus answered with an error", refused, StringComparison.Ordinal);
        Assert.Contains("reading 64 bytes from 0x10000", Cause<DeviceException>(operations[1]).Message, StringComparison.Ordinal);
        Assert.Equal(LinkDevice.Identity, ResultOf(operations[2]));
    }

    [Fact]
    public void A_clean_link_carries_at_least_nine_tenths_of_payload()
    {
        LinkRun run = new(3, PathFault.None, 0, window: 8, payloadBytesMax: 1032);
        run.Device.Laziness = 0;
        Finish(run, [Read(0)]);
        LinkClient client = run.Client;
        byte[] output = new byte[1 << 17];
        byte[] chunk = new byte[32_768];
        LinkOperation write = WriteMemory(0, chunk);
        client.Submit(write);
        (int toDevice, int toHost) = Shuttle(run, write, output);
        Assert.InRange((double)chunk.Length / toDevice, 0.9, 1);
        Assert.InRange((double)chunk.Length / (toDevice + toHost), 0.9, 1);
        LinkOperation read = ReadMemory(0, chunk);
        client.Submit(read);
        (toDevice, toHost) = Shuttle(run, read, output);
        Assert.InRange((double)chunk.Length / toHost, 0.9, 1);
        Assert.InRange((double)chunk.Length / (toDevice + toHost), 0.9, 1);
    }

    [Fact]
    public void A_frame_allocates_nothing()
    {
        LinkRun run = new(4, PathFault.None, 0, window: 8, payloadBytesMax: 1032);
        Finish(run, [Read(0)]);
        byte[] output = new byte[1 << 17];
        byte[] frames = new byte[1 << 17];

        // The host's own bytes and time only: the model of the device allocates as it likes. Completing the request schedules nothing, since
        // nobody awaits it.
        AllocationAssert.Nothing(() =>
        {
            LinkOperation write = WriteMemory(0, new byte[16_384]);
            run.Client.Submit(write);
            long allocated = 0;
            while (!write.Task.IsCompleted)
            {
                int sent = 0;
                allocated += AllocationAssert.BytesOf(() => sent = run.Client.Produce(output));
                run.Device.Consume(output.AsSpan(0, sent));
                int answered = run.Device.Produce(frames);
                allocated += AllocationAssert.BytesOf(() => run.Client.Consume(frames.AsSpan(0, answered)));
            }

            return allocated;
        });
    }

    [Fact]
    public void A_device_that_restarts_fails_what_is_under_way_and_goes_on()
    {
        LinkRun run = new(5, PathFault.None, 0);
        Finish(run, [Write(0x20, 5)]);
        run.Device.Reset();
        LinkOperation[] operations = [Read(0x20), WriteMemory(0, new byte[128]), Watch(0x20, 0, 100)];
        Finish(run, operations);
        Assert.All(
            operations,
            operation => Assert.Contains("generation was 0 and is 1", Cause<DeviceRestartedException>(operation).Message, StringComparison.Ordinal));
        LinkOperation after = Read(0x20);
        Finish(run, [after]);
        Assert.Equal(0ul, ResultOf(after));
    }

    [Fact]
    public void A_reset_that_was_asked_for_is_made_once_and_is_no_restart()
    {
        LinkRun run = new(6, PathFault.None, 0);
        LinkOperation write = Write(0x20, 5);
        Finish(run, [write]);
        LinkOperation open = ReadMemory(0, new byte[4096]);
        run.Client.Submit(open);
        run.Step();
        LinkOperation reset = new(LinkOperationKind.Reset);
        Finish(run, [reset]);
        Assert.Equal("the device was reset", Cause<DeviceException>(open).Message);
        LinkOperation after = Read(0x20);
        Finish(run, [after]);
        Assert.Equal((0ul, 1u), (ResultOf(after), run.Device.Generation));
    }

    [Fact]
    public void A_device_that_is_not_there_fails_requests_at_the_limit()
    {
        LinkOptions options = new() { ConnectMax = TimeSpan.FromSeconds(3) };
        VirtualClock clock = new();
        LinkClient client = new(options, clock, () => 1);
        client.PathOpened();
        LinkOperation read = Read(0);
        client.Submit(read);
        byte[] output = new byte[1 << 17];
        int hellos = 0;
        while (!read.Task.IsCompleted && clock.GetElapsedTime(0) < Deadline)
        {
            hellos += client.Produce(output) > 0 ? 1 : 0;
            clock.Advance(client.SleepMax() ?? TimeSpan.Zero);
        }

        Assert.Contains("the device has not answered for 00:00:03", Cause<DeviceLinkException>(read).Message, StringComparison.Ordinal);
        Assert.Equal(60, hellos);
        Assert.Equal((TimeSpan.FromSeconds(3), null), (clock.GetElapsedTime(0), client.SleepMax()));
        client.PathLost();
        LinkOperation second = Read(0);
        client.Submit(second);
        clock.Advance(client.SleepMax()!.Value);
        client.Produce(output);
        Assert.Contains("no path to the device for 00:00:03", Cause<DeviceLinkException>(second).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_answers_but_does_nothing_fails_requests_at_the_limit()
    {
        LinkRun run = new(7, PathFault.None, 0, options: new LinkOptions { ProgressMax = TimeSpan.FromSeconds(5) });
        Finish(run, [Read(0)]);
        run.Device.Hangs = true;
        LinkOperation[] operations = [Read(0), WriteMemory(0, new byte[8192])];
        Finish(run, operations);
        Assert.All(
            operations,
            operation => Assert.Contains("carried nothing out for 00:00:05", Cause<DeviceLinkException>(operation).Message, StringComparison.Ordinal));
        run.Device.Hangs = false;
        LinkOperation after = Read(0);
        Finish(run, [after]);
        Assert.Equal(LinkDevice.Identity, ResultOf(after));
    }

    [Fact]
    public void Another_major_version_is_refused()
    {
        LinkRun run = new(8, PathFault.None, 0);
        run.Device.Major = 2;
        LinkOperation read = Read(0);
        Finish(run, [read]);
        Assert.Contains("version 2.0, but this program knows 1.x", Cause<DeviceException>(read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_larger_than_the_host_takes_is_refused()
    {
        LinkRun run = new(9, PathFault.None, 0, payloadBytesMax: 4096, options: new LinkOptions { PayloadBytesMax = 2048 });
        LinkOperation read = Read(0);
        Finish(run, [read]);
        Assert.Contains("4096 bytes of payload", Cause<DeviceException>(read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_was_given_up_leaves_its_memory_alone_and_the_others_in_order()
    {
        LinkRun run = new(10, PathFault.None, 0, window: 2);
        Finish(run, [Read(0)]);
        byte[] given = new byte[4096];
        LinkOperation read = ReadMemory(0, given);
        LinkOperation write = WriteMemory(8192, [.. Enumerable.Repeat((byte)9, 8192)]);
        LinkOperation last = Read(0);
        run.Device.Memory.AsSpan(0, 4096).Fill(7);
        new List<LinkOperation> { read, write, last }.ForEach(run.Client.Submit);
        while (write.Moved == 0)
        {
            run.Step();
        }

        byte[] atThatTime = [.. given];
        LinkClient.Abandon(read, new CancellationToken(true));
        LinkClient.Abandon(write, new CancellationToken(true));
        run.Finish([last], Deadline);
        Assert.Equal(LinkDevice.Identity, ResultOf(last));
        Assert.Equal(atThatTime, given);
        Assert.True(read.Task.IsCanceled && write.Task.IsCanceled);
        Assert.Equal(0, run.Device.Memory[16_383]);
    }

    [Fact]
    public void Frames_of_another_session_are_ignored()
    {
        LinkRun run = new(11, PathFault.None, 0);
        Finish(run, [Read(0)]);
        LinkOperation read = Read(0);
        run.Client.Submit(read);
        byte[] frame = new byte[64];
        foreach (FrameType type in (FrameType[])[FrameType.Data, FrameType.Reset, FrameType.Welcome, FrameType.Refuse])
        {
            // The next sequence, so that only the session tells it from the answer.
            byte[] payload = type is FrameType.Data ? new byte[8] : [];
            run.Client.Consume(frame.AsSpan(0, new FrameHeader(type, LinkChannels.RegisterRead, payload.Length, 12345, 1, 1).Write(payload, frame)));
        }

        Assert.False(read.Task.IsCompleted);
        run.Finish([read], Deadline);
        Assert.Equal((LinkDevice.Identity, 1), (ResultOf(read), run.Client.Statistics.Sessions));
    }

    [Fact]
    public void A_device_that_waits_inside_a_long_payload_is_soon_reached()
    {
        LinkRun run = new(12, PathFault.None, 0, payloadBytesMax: 4104);
        byte[] frame = new byte[FrameHeader.FrameBytesOf(4104)];
        new FrameHeader(FrameType.Data, 0, 4104, 1, 0, 0).Write(new byte[4104], frame);
        run.Device.Consume(frame.AsSpan(0, FrameHeader.Bytes));

        // 52 bytes of gap and HELLO each time would take 80 of them.
        Finish(run, [Read(0)]);
        Assert.InRange(run.Clock.GetElapsedTime(0), TimeSpan.Zero, 12 * new LinkOptions().HelloEvery);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_device_that_lies_within_the_session_harms_nothing_but_its_requests(int seed)
    {
        Random random = new(seed);
        byte[] output = new byte[1 << 16];
        byte[] frame = new byte[2048];
        for (int round = 0; round < TestScale.Count(200); round++)
        {
            uint host = (uint)random.Next();
            VirtualClock clock = new();
            LinkClient client = new(new LinkOptions { PayloadBytesMax = 1032 }, clock, () => host);
            client.PathOpened();
            byte[] destination = new byte[256];
            LinkOperation[] operations = [Read(0), ReadMemory(0, destination), Write(4, 4), WriteMemory(0, new byte[128]), Watch(0, 0, 5)];
            operations.ToList().ForEach(client.Submit);
            client.Produce(output);
            byte[] welcome = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 8, 4];
            client.Consume(frame.AsSpan(0, new FrameHeader(FrameType.Welcome, 0, 16, host, 0, 0).Write(welcome, frame)));
            ushort sequence = 0;
            for (int i = 0; i < 40; i++)
            {
                client.Produce(output);
                byte[] payload = new byte[4 * random.Next(random.Next(2) == 0 ? 4 : 80)];
                random.NextBytes(payload);
                payload.AsSpan(0, Math.Min(4, payload.Length)).Fill((byte)random.Next(2));
                FrameHeader header = new(
                    random.Next(3) == 0 ? (FrameType)random.Next(1, 8) : FrameType.Data, (byte)random.Next(0, 7), payload.Length, host,
                    random.Next(4) == 0 ? (ushort)random.Next(1 << 16) : sequence++, (ushort)random.Next(random.Next(2) == 0 ? 8 : 1 << 16));
                client.Consume(frame.AsSpan(0, header.Write(payload, frame)));
                clock.Advance(TimeSpan.FromMilliseconds(random.Next(30)));
            }

            client.FailAll(new DeviceException("the end"));
            Assert.All(operations, operation => Assert.True(operation.Task.IsCompleted));
        }
    }

    private static (int ToDevice, int ToHost) Shuttle(LinkRun run, LinkOperation operation, byte[] output)
    {
        int toDevice = 0;
        int toHost = 0;
        for (int i = 0; i < 10_000 && !operation.Task.IsCompleted; i++)
        {
            int sent = run.Client.Produce(output);
            toDevice += sent;
            run.Device.Consume(output.AsSpan(0, sent));
            int answered = run.Device.Produce(output);
            toHost += answered;
            run.Client.Consume(output.AsSpan(0, answered));
        }

        Assert.True(operation.Task.IsCompletedSuccessfully);
        return (toDevice, toHost);
    }

    private static void Finish(LinkRun run, LinkOperation[] operations)
    {
        operations.ToList().ForEach(run.Client.Submit);
        run.Finish(operations, Deadline);
    }

    private static ulong ResultOf(LinkOperation operation) => operation.Task.Result;

    private static T Cause<T>(LinkOperation operation)
        where T : Exception => Assert.IsType<T>(operation.Task.Exception!.InnerException, exactMatch: false);

    private static LinkOperation Read(uint register) => new(LinkOperationKind.RegisterRead) { Register = new RegisterOffset(register) };

    private static LinkOperation Write(uint register, uint value) =>
        new(LinkOperationKind.RegisterWrite) { Register = new RegisterOffset(register), Value = value };

    private static LinkOperation WriteMemory(ulong address, byte[] bytes) =>
        new(LinkOperationKind.MemoryWrite) { Address = new DeviceAddress(address), Source = bytes };

    private static LinkOperation ReadMemory(ulong address, byte[] bytes) =>
        new(LinkOperationKind.MemoryRead) { Address = new DeviceAddress(address), Destination = bytes };

    private static LinkOperation Watch(uint register, uint seen, ulong cycles) =>
        new(LinkOperationKind.Watch) { Register = new RegisterOffset(register), Value = seen, Cycles = cycles };
}
