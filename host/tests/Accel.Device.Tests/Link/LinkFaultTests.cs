using Accel.Device.Link;
using Accel.Faults;
using Accel.Testing;
using Xunit;

namespace Accel.Device.Tests.Link;

public class LinkFaultTests
{
    private const int RegionBytes = 4096;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(PathFault.None)]
    [InlineData(PathFault.Flip)]
    [InlineData(PathFault.Drop)]
    [InlineData(PathFault.Duplicate)]
    [InlineData(PathFault.Reorder)]
    [InlineData(PathFault.Garbage)]
    [InlineData(PathFault.Delay)]
    [InlineData(PathFault.Unplug)]
    [InlineData(PathFault.DeviceReset)]
    public void Nothing_is_lost_wrong_or_hung(PathFault fault)
    {
        int made = 0;
        for (int seed = 1; seed <= TestScale.Count(40); seed++)
        {
            try
            {
                made += Run(seed, fault);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"{fault}, seed {seed}: {exception.Message}", exception);
            }
        }

        Assert.True(fault == PathFault.None ? made == 0 : made >= TestScale.Count(40), $"only {made} faults were made");
    }

    /// <summary>Rounds of concurrent requests, each redone by its caller when it fails, as a job redoes a chunk.</summary>
    private static int Run(int seed, PathFault fault)
    {
        int window = 1 << (seed % 4);
        LinkRun run = new(seed, fault, fault == PathFault.None ? 0 : 12, window, seed % 3 == 0 ? 136 : 1032);
        Random random = new(~seed);
        byte[] expected = new byte[run.Device.Memory.Length];
        uint value = 1;
        uint answered = 0;
        int seen = 0;
        for (int round = 0; round < 12; round++)
        {
            List<Func<LinkOperation>> todo = [];
            List<(LinkOperation Read, int At)> reads = [];
            uint written = value++;
            todo.Add(() => new LinkOperation(LinkOperationKind.RegisterWrite) { Register = new RegisterOffset(0x40), Value = written });
            todo.Add(() => new LinkOperation(LinkOperationKind.RegisterRead) { Register = new RegisterOffset(0) });
            todo.Add(() => new LinkOperation(LinkOperationKind.Watch) { Register = new RegisterOffset(0x44), Value = 0, Cycles = 1000 });
            for (int region = 0; region < 4; region++)
            {
                int at = ((4 * (round % 2)) + region) * RegionBytes;
                int bytes = 64 * random.Next(1, RegionBytes / 64);
                byte[] chunk = new byte[bytes];
                random.NextBytes(chunk);
                chunk.CopyTo(expected.AsSpan(at));
                todo.Add(() => new LinkOperation(LinkOperationKind.MemoryWrite) { Address = new DeviceAddress((ulong)at), Source = chunk });

                // The other half was written in the round before.
                int other = ((4 * ((round + 1) % 2)) + region) * RegionBytes;
                DeviceAddress from = new((ulong)other);
                todo.Add(() => Note(
                    reads, new LinkOperation(LinkOperationKind.MemoryRead) { Address = from, Destination = new byte[RegionBytes] }, other));
            }

            while (todo.Count > 0)
            {
                List<LinkOperation> asked = [.. todo.Select(make => make())];
                asked.ForEach(run.Client.Submit);
                run.Finish(asked, Deadline);
                todo = [.. todo.Where((_, i) => IsToBeRedone(asked[i], fault))];
                CheckOrder(run.Device, ref seen, answered);
                LinkOperation first = asked[0];
                if (first.Kind == LinkOperationKind.RegisterWrite && first.Task.IsCompletedSuccessfully)
                {
                    answered = written;
                }

                List<LinkOperation> good = [.. asked.Where(operation => operation.Task.IsCompletedSuccessfully)];
                Assert.All(good.Where(o => o.Kind == LinkOperationKind.RegisterRead), o => Assert.Equal(LinkDevice.Identity, o.Task.Result));
                Assert.All(good.Where(o => o.Kind == LinkOperationKind.Watch), o => Assert.InRange(o.Task.Result, 1ul, 1000ul));
            }

            foreach ((LinkOperation read, int at) in reads.Where(read => read.Read.Task.IsCompletedSuccessfully))
            {
                Assert.True(read.Destination.Span.SequenceEqual(expected.AsSpan(at, RegionBytes)), $"wrong bytes were read at {at} in round {round}");
            }
        }

        Assert.True(run.Device.Memory.AsSpan().SequenceEqual(expected), "the device's memory differs from what was written");
        return run.FaultsMade;
    }

    private static LinkOperation Note(List<(LinkOperation Read, int At)> reads, LinkOperation read, int at)
    {
        reads.Add((read, at));
        return read;
    }

    /// <summary>Only a device that restarts makes its caller do something again; everything else the link repairs by itself.</summary>
    private static bool IsToBeRedone(LinkOperation operation, PathFault fault)
    {
        if (operation.Task.IsCompletedSuccessfully)
        {
            return false;
        }

        Exception cause = operation.Task.Exception!.InnerException!;
        Assert.True(fault == PathFault.DeviceReset && cause is DeviceRestartedException, cause.Message);
        return true;
    }

    /// <summary>In a session every write is carried out once and in order, and none that had been answered before is carried out again
    /// later.</summary>
    private static void CheckOrder(LinkDevice device, ref int seen, uint answered)
    {
        for (; seen < device.WritesCarriedOut.Count; seen++)
        {
            (uint session, uint value) = device.WritesCarriedOut[seen];
            Assert.True(value > answered, $"the write of {value} was carried out after that of {answered} had been answered");
            if (seen > 0 && device.WritesCarriedOut[seen - 1].Session == session)
            {
                Assert.True(value > device.WritesCarriedOut[seen - 1].Value, "a write was carried out twice in a session");
            }
        }
    }
}
