using System.Buffers.Binary;
using System.Diagnostics;
using Accel.Device.Link;

namespace Accel.Benchmarks;

/// <summary>
/// The bar of the host's framing code: at least 200 MB of data a second each way, on one core. Only the host's own work is timed (requests into
/// frames, frames into
/// answers), not the stand-in for the card, which acknowledges and answers.
/// </summary>
internal static class LinkBar
{
    private const double MegabytesPerSecondMin = 200;
    private const int ChunkBytes = 1 << 20;
    private const int Repetitions = 40;

    public static int Run()
    {
        bool isMet = true;
        foreach (int payloadBytes in (int[])[328, 1032, 4104])
        {
            foreach (bool isWrite in (bool[])[true, false])
            {
                double best = Enumerable.Range(0, Repetitions).Max(_ => Measure(payloadBytes, isWrite));
                isMet &= best >= MegabytesPerSecondMin;
                Console.WriteLine($"{(isWrite ? "write" : "read"),-5} payload {payloadBytes,5}: {best,8:N0} MB/s");
            }
        }

        Console.WriteLine(isMet ? $"link-bar: all above {MegabytesPerSecondMin} MB/s" : $"link-bar: below {MegabytesPerSecondMin} MB/s");
        return isMet ? 0 : 1;
    }

    private static double Measure(int payloadBytes, bool isWrite)
    {
        const uint HostNumber = 7;
        LinkClient client = new(new LinkOptions(), TimeProvider.System, () => HostNumber);
        Responder card = new(HostNumber, payloadBytes);
        byte[] chunk = new byte[ChunkBytes];
        new Random(1).NextBytes(chunk);
        byte[] toCard = new byte[1 << 17];
        byte[] toHost = new byte[1 << 17];
        client.PathOpened();
        LinkOperation operation = isWrite
            ? new LinkOperation(LinkOperationKind.MemoryWrite) { Source = chunk }
            : new LinkOperation(LinkOperationKind.MemoryRead) { Destination = chunk };
        client.Submit(operation);
        long ticks = 0;
        while (!operation.Task.IsCompleted)
        {
            long begun = Stopwatch.GetTimestamp();
            int sent = client.Produce(toCard);
            ticks += Stopwatch.GetTimestamp() - begun;
            int answered = card.Answer(toCard.AsSpan(0, sent), toHost);
            begun = Stopwatch.GetTimestamp();
            client.Consume(toHost.AsSpan(0, answered));
            ticks += Stopwatch.GetTimestamp() - begun;
        }

        operation.Task.GetAwaiter().GetResult();
        return ChunkBytes / 1e6 / (ticks / (double)Stopwatch.Frequency);
    }

    /// <summary>Just enough of a card on a clean link.</summary>
    private sealed class Responder(uint hostNumber, int payloadBytes)
    {
        private const uint DeviceNumber = 9;
        private readonly FrameParser _parser = new(payloadBytes);
        private readonly LinkWindow _window = new(64, payloadBytes);
        private readonly byte[] _zeros = new byte[payloadBytes];
        private int _left;

        public int Answer(ReadOnlySpan<byte> input, Span<byte> output)
        {
            int written = 0;
            while (_parser.Read(ref input, out FrameHeader header, out ReadOnlySpan<byte> payload) == FrameEvent.Frame)
            {
                _window.Acknowledge(header.Acknowledged);
                if (header.Type == FrameType.Hello)
                {
                    Span<byte> welcome = stackalloc byte[16];
                    welcome.Clear();
                    welcome[0] = LinkOptions.MajorVersion;
                    BinaryPrimitives.WriteUInt32LittleEndian(welcome[4..], DeviceNumber);
                    welcome[12] = 32;
                    BinaryPrimitives.WriteUInt16LittleEndian(welcome[14..], (ushort)payloadBytes);
                    return new FrameHeader(FrameType.Welcome, 0, 16, hostNumber, 0, 0).Write(welcome, output);
                }

                if (header.Type == FrameType.Data && _window.Take(header.Sequence) == SequenceVerdict.Expected)
                {
                    if (header.Channel == LinkChannels.MemoryRead)
                    {
                        _left = BinaryPrimitives.ReadInt32LittleEndian(payload[8..]);
                    }
                    else if ((header.Channel & LinkChannels.Respond) != 0)
                    {
                        _window.Enqueue(LinkChannels.MemoryWrite, 4).Clear();
                    }
                }
            }

            while (_left > 0 && _window.HasRoom)
            {
                int piece = Math.Min(_left, (payloadBytes - 8) / 64 * 64);
                _zeros.AsSpan(0, 4 + piece).CopyTo(_window.Enqueue(LinkChannels.MemoryRead, 4 + piece));
                _left -= piece;
            }

            while (_window.HasUnsent && output.Length - written >= _window.NextBytes)
            {
                written += _window.WriteNext(hostNumber ^ DeviceNumber, _window.Expected, output[written..]);
            }

            FrameHeader acknowledge = new(FrameType.Acknowledge, 0, 0, hostNumber ^ DeviceNumber, 0, _window.Expected);
            return written + acknowledge.Write([], output[written..]);
        }
    }
}
