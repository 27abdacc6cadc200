using System.Text;
using Accel.Derivatives.Market;
using Accel.Derivatives.Matching;
using Accel.Proving.Formats;
using Accel.Testing;
using CsCheck;
using Xunit;

namespace Accel.Derivatives.Tests.Matching;

public sealed class MatchingJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_checksum_is_the_published_one()
    {
        // RFC 3720, appendix B.4, and the check value of the CRC catalogue.
        Assert.Equal(0xE306_9283u, JournalFormat.Crc32C("123456789"u8));
        Assert.Equal(0x8A91_36AAu, JournalFormat.Crc32C(new byte[32]));
        Assert.Equal(0x46DD_794Eu, JournalFormat.Crc32C([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
    }

    [Fact]
    public void A_replayed_journal_gives_the_same_events_and_the_same_book() => CommandStreams.Streams(100).Sample(
        stream =>
        {
            using var folder = new TemporaryFolder();
            var sink = new EventList();
            using JournaledEngine live = JournaledEngine.Create(folder["j"], stream.Options, JournalDurability.OperatingSystem);
            foreach (MatchingCommand[] batch in stream.Commands.Chunk(7))
            {
                live.Execute(batch, ref sink);
            }

            var again = new EventList();
            MatchingEngine replayed = MatchingJournal.Replay(folder["j"], ref again, out JournalReport report);
            Assert.Equal(stream.Options, replayed.Options);
            Assert.Equal((ulong)stream.Commands.Length, report.CommandCount);
            Assert.Equal(0, report.TornBytes);
            Assert.Equal(sink.Events, again.Events);
            AssertSameBook(live.Engine, replayed);
        },
        seed: "0000KOIPe650",
        iter: TestScale.Count(100));

    [Fact]
    public void A_command_is_in_the_file_before_its_first_event()
    {
        MatchingCommand command = MatchingCommand.Submit(OrderType.Limit, new OrderId(1), new TraderId(1), BookSide.Bid, new PriceTicks(5), 1);
        using JournaledEngine engine = JournaledEngine.Create(_folder["j"], new MatchingOptions());
        var sink = new LengthAtFirstEvent(_folder["j"]);
        engine.Execute([command], ref sink);
        Assert.Equal(JournalFormat.HeaderBytes + JournalFormat.FrameBytes(1), sink.Length);
    }

    [Fact]
    public void A_journal_cut_at_any_byte_keeps_every_whole_frame_and_goes_on()
    {
        (byte[] bytes, List<MatchingCommand[]> batches) = WriteSample();
        long[] ends = FrameEnds(batches);
        for (int length = JournalFormat.HeaderBytes; length <= bytes.Length; length++)
        {
            File.WriteAllBytes(_folder["cut"], bytes[..length]);
            AssertRecovers(batches, ends, length, length);
        }
    }

    [Fact]
    public void Space_that_a_crash_left_unwritten_is_part_of_the_torn_frame()
    {
        (byte[] bytes, List<MatchingCommand[]> batches) = WriteSample();
        long[] ends = FrameEnds(batches);
        for (int written = (int)ends[^2]; written < bytes.Length - 4; written++)
        {
            byte[] padded = new byte[bytes.Length];
            bytes.AsSpan(0, written).CopyTo(padded);
            File.WriteAllBytes(_folder["cut"], padded);
            AssertRecovers(batches, ends, written, padded.Length);
        }
    }

    [Fact]
    public void A_file_that_ends_inside_its_header_is_refused()
    {
        (byte[] bytes, _) = WriteSample();
        for (int length = 0; length < JournalFormat.HeaderBytes; length++)
        {
            File.WriteAllBytes(_folder["cut"], bytes[..length]);
            Assert.Contains("nothing was acknowledged", Assert.Throws<InvalidFileException>(() => Replay("cut", out _)).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Any_changed_byte_is_found_and_its_frame_named()
    {
        (byte[] bytes, List<MatchingCommand[]> batches) = WriteSample();
        long[] starts = [0, .. FrameEnds(batches)[..^1]];
        for (int at = 0; at < bytes.Length; at++)
        {
            foreach (byte change in new byte[] { 1, 0x80, bytes[at] })
            {
                if (change == 0)
                {
                    continue;
                }

                byte[] broken = [.. bytes];
                broken[at] ^= change;
                File.WriteAllBytes(_folder["broken"], broken);
                InvalidFileException refusal = Assert.Throws<InvalidFileException>(() => Replay("broken", out _));
                Assert.Equal(at < JournalFormat.HeaderBytes ? 0 : starts.Last(start => start <= at), refusal.Offset);
            }
        }
    }

    [Fact]
    public void A_frame_that_is_missing_or_doubled_is_found()
    {
        (byte[] bytes, List<MatchingCommand[]> batches) = WriteSample();
        long[] ends = FrameEnds(batches);
        File.WriteAllBytes(_folder["missing"], [.. bytes[..(int)ends[1]], .. bytes[(int)ends[2]..]]);
        File.WriteAllBytes(_folder["doubled"], [.. bytes[..(int)ends[2]], .. bytes[(int)ends[1]..]]);
        Assert.Equal(ends[1], Assert.Throws<InvalidFileException>(() => Replay("missing", out _)).Offset);
        Assert.Equal(ends[2], Assert.Throws<InvalidFileException>(() => Replay("doubled", out _)).Offset);
    }

    [Fact]
    public void A_batch_that_no_engine_executes_is_refused_before_it_is_written()
    {
        using JournaledEngine engine = JournaledEngine.Create(_folder["j"], new MatchingOptions());
        var sink = new EventList();
        MatchingCommand broken = MatchingCommand.FromFields(CommandKind.Submit, BookSide.Bid, (OrderType)5, default, default, default, 1);
        Assert.Throws<ArgumentException>(() => engine.Execute([broken], ref sink));
        Assert.Throws<ArgumentException>(() => engine.Execute(new MatchingCommand[MatchingJournal.BatchMax + 1], ref sink));
        Assert.Throws<ArgumentException>(() => engine.Execute([], ref sink));
        Assert.Equal(JournalFormat.HeaderBytes, new FileInfo(_folder["j"]).Length);
    }

    [Fact]
    public void A_journal_is_never_overwritten()
    {
        File.WriteAllText(_folder["j"], "mine", Encoding.ASCII);
        Assert.Throws<IOException>(() => JournaledEngine.Create(_folder["j"], new MatchingOptions()));
        Assert.Equal("mine", File.ReadAllText(_folder["j"]));
    }

    private void AssertRecovers(List<MatchingCommand[]> batches, long[] ends, int written, int length)
    {
        int whole = ends.Count(end => end <= written) - 1;
        var sink = new EventList();
        using (JournaledEngine resumed = JournaledEngine.Resume(_folder["cut"], ref sink, out JournalReport report,
            JournalDurability.OperatingSystem))
        {
            Assert.Equal(ends[whole], report.WholeBytes);
            Assert.Equal(length - ends[whole], report.TornBytes);
            Assert.Equal(report.TornBytes > 0, report.ToString().Contains("never acknowledged", StringComparison.Ordinal));
            foreach (MatchingCommand[] batch in batches.Skip(whole))
            {
                resumed.Execute(batch, ref sink);
            }
        }

        var expected = new MatchingEngine(SampleOptions);
        Assert.Equal(CommandStreams.Run(expected, batches.SelectMany(b => b)), sink.Events);
        AssertSameBook(expected, Replay("cut", out JournalReport final));
        Assert.Equal(0, final.TornBytes);
    }

    private static MatchingOptions SampleOptions { get; } = new() { OrdersMax = 100, LevelsMax = 10, QuantityMax = 1000 };

    private (byte[] Bytes, List<MatchingCommand[]> Batches) WriteSample()
    {
        List<MatchingCommand[]> batches = [];
        for (int i = 1; i <= 5; i++)
        {
            ulong name = (ulong)(10 * i);
            batches.Add([.. Enumerable.Range(0, 1 + (i % 3)).Select(j => MatchingCommand.Submit(
                OrderType.Limit, new OrderId(name + (ulong)j), new TraderId((ulong)j), i % 2 == 0 ? BookSide.Ask : BookSide.Bid,
                    new PriceTicks(100 + j - i), 3 + i))]);
        }

        using JournaledEngine engine = JournaledEngine.Create(_folder["sample"], SampleOptions, JournalDurability.OperatingSystem);
        var sink = new EventList();
        batches.ForEach(batch => engine.Execute(batch, ref sink));
        engine.Dispose();
        byte[] bytes = File.ReadAllBytes(_folder["sample"]);
        File.Delete(_folder["sample"]);
        return (bytes, batches);
    }

    private static long[] FrameEnds(List<MatchingCommand[]> batches)
    {
        List<long> ends = [JournalFormat.HeaderBytes];
        batches.ForEach(batch => ends.Add(ends[^1] + JournalFormat.FrameBytes(batch.Length)));
        return [.. ends];
    }

    private MatchingEngine Replay(string name, out JournalReport report)
    {
        var sink = new EventList();
        return MatchingJournal.Replay(_folder[name], ref sink, out report);
    }

    private static void AssertSameBook(MatchingEngine expected, MatchingEngine actual)
    {
        Assert.Equal(expected.Orders(BookSide.Bid), actual.Orders(BookSide.Bid));
        Assert.Equal(expected.Orders(BookSide.Ask), actual.Orders(BookSide.Ask));
    }

    private sealed class LengthAtFirstEvent(string path) : IMatchingSink
    {
        public long? Length { get; private set; }

        public void OnEvent(in MatchingEvent matchingEvent) => Length ??= new FileInfo(path).Length;
    }
}
