using Accel.Device.Link;
using Accel.Faults;
using Accel.Testing;
using Xunit;

namespace Accel.Device.Tests.Link;

/// <summary>
/// The fault matrix of host/docs/faults.md on the link's RTL. By default 8 seeds a cell over the UART, which simulates a third as fast as the FIFO, 25 over
/// the FIFO, and 1 over each served card; with the long counts 1,000 and 25.
/// </summary>
public sealed class FaultMatrixTests
{
    private const int SeedsLong = 1000;
    private const int ServedLong = 25;

    /// <summary>Paths × faults.</summary>
    public static TheoryData<string, PathFault> Cells
    {
        get
        {
            TheoryData<string, PathFault> cells = [];
            foreach (string path in FaultMatrix.Paths)
            {
                foreach (PathFault fault in FaultMatrix.Faults)
                {
                    cells.Add(path, fault);
                }
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Nothing_is_lost_wrong_or_hung_on_the_links_RTL(string path, PathFault fault)
    {
        Assert.SkipUnless(FaultMatrix.IsBuilt, "the simulated card is not built: run `make sim-libraries`");
        int usual = path == "serial" ? 8 : 25;
        Require(FaultMatrix.RunVirtual(path, fault, TestScale.IsLong ? SeedsLong : usual));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Nothing_is_lost_wrong_or_hung_over_a_served_card(string path, PathFault fault)
    {
        Assert.SkipUnless(ServedRun.IsBuilt, "the simulated card is not built: run `make sim-libraries`");
        Require(await FaultMatrix.RunServedAsync(path, fault, TestScale.IsLong ? ServedLong : 1));
    }

    [Fact]
    public void A_seed_repeats_its_run()
    {
        Assert.SkipUnless(FaultMatrix.IsBuilt, "the simulated card is not built: run `make sim-libraries`");
        foreach (PathFault fault in (PathFault[])[PathFault.Drop, PathFault.Unplug, PathFault.DeviceReset])
        {
            Assert.Equal(Trace(fault), Trace(fault));
        }

        static (bool, long, long, TimeSpan, LinkStatistics) Trace(PathFault fault)
        {
            using VirtualCard card = new("ft601", 7, fault, [3000]);
            CardJob job = new(card.Transport, 7, card.Scheduler, mayResultsBeWrong: false);
            bool isDone = card.Run(() => job.RunAsync(CancellationToken.None), TimeSpan.FromSeconds(60));
            (bool, long, long, TimeSpan, LinkStatistics) trace = (isDone, card.Carried, card.FaultsMade, card.Now, card.Transport.Statistics);
            card.Close(job);
            return trace;
        }
    }

    /// <summary>Losing the link in the middle of a transfer costs at most the chunks that were under way, by the card's own count of what it moved.</summary>
    [Theory]
    [InlineData("uart", true)]
    [InlineData("ft601", true)]
    [InlineData("ft601", false)]
    public void A_transfer_goes_on_from_the_last_acknowledged_chunk_after_its_link_was_lost(string front, bool isWrite)
    {
        Assert.SkipUnless(FaultMatrix.IsBuilt, "the simulated card is not built: run `make sim-libraries`");
        const int Chunk = 1024;
        const int Chunks = 24;
        const int UnderWay = 4;
        (long before, long carried, long beats, long sessions) = Transfer([]);
        Assert.Equal((Chunks * Chunk / DeviceAddress.AlignmentBytes, 1), (beats, sessions));
        (_, _, beats, sessions) = Transfer([before + (carried / 2)]);
        Assert.Equal(2, sessions);
        Assert.InRange(beats, Chunks * Chunk / DeviceAddress.AlignmentBytes, (Chunks + UnderWay) * Chunk / DeviceAddress.AlignmentBytes);

        (long Before, long Carried, long Beats, long Sessions) Transfer(long[] cutAt)
        {
            using VirtualCard card = new(front, 3, PathFault.Unplug, cutAt, new LinkOptions { ChunkBytesMax = Chunk }) { PortGoneFor = TimeSpan.FromSeconds(1) };
            RegisterOffset moved = isWrite ? AccelRegisters.WriteBeatsLo : AccelRegisters.ReadBeatsLo;
            byte[] bytes = new byte[Chunk * Chunks];
            new Random(3).NextBytes(bytes);
            byte[] back = new byte[bytes.Length];
            DeviceAddress address = new(0x10000);
            long before = 0, carried = 0, beats = 0;
            Assert.True(card.Run(
                async () =>
                {
                    if (!isWrite)
                    {
                        await card.Transport.WriteAllAsync(address, bytes, CancellationToken.None);
                    }

                    uint first = await card.Transport.ReadRegisterAsync(moved, CancellationToken.None);
                    before = card.Carried;
                    await (isWrite ? card.Transport.WriteAllAsync(address, bytes, CancellationToken.None) : card.Transport.ReadAllAsync(address, back, CancellationToken.None));
                    carried = card.Carried - before;
                    beats = await card.Transport.ReadRegisterAsync(moved, CancellationToken.None) - first;
                    await card.Transport.ReadAllAsync(address, back, CancellationToken.None);
                },
                TimeSpan.FromSeconds(60)));
            Assert.Equal(bytes, back);
            return (before, carried, beats, card.Transport.Statistics.Sessions);
        }
    }

    private static void Require(FaultCell cell)
    {
        Assert.True(cell.IsGood, cell.FirstBad);
        Assert.True(cell.Struck > 0, $"no fault of {cell.Path} {cell.Fault} took effect");
        Assert.Equal(cell.Struck, cell.Recovered + cell.Refused);
    }
}
