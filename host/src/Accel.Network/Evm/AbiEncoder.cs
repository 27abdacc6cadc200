using System.Buffers.Binary;
using System.Numerics;

namespace Accel.Network.Evm;

/// <summary>
/// Builds call data by the contract ABI: a head of 32-byte words in order of the arguments, then a tail with the dynamic ones.
/// Arrays and structs of fixed size are written word by word.
/// </summary>
public sealed class AbiEncoder
{
    private const int WordLength = 32;

    private readonly byte[] selector;
    private readonly List<byte[]> head = [];
    private readonly List<(int HeadIndex, byte[] Content)> tail = [];

    private AbiEncoder(byte[] selector) => this.selector = selector;

    /// <summary>Starts a call of the function with this signature, such as <c>settle(uint256[8],bytes)</c>.</summary>
    public static AbiEncoder Call(string signature) => new(Keccak256.Selector(signature));

    /// <summary>Starts arguments without a selector, as a constructor takes them after its bytecode.</summary>
    public static AbiEncoder Arguments() => new([]);

    /// <summary>Appends an unsigned integer as one word.</summary>
    /// <param name="value">In [0, 2²⁵⁶).</param>
    /// <exception cref="ArgumentOutOfRangeException">The integer is negative or needs more than 256 bits.</exception>
    public AbiEncoder Word(BigInteger value)
    {
        head.Add(ToWord(value));
        return this;
    }

    /// <summary>Appends several words: an array or a struct of fixed size.</summary>
    public AbiEncoder Words(IEnumerable<BigInteger> values)
    {
        foreach (BigInteger value in values)
        {
            Word(value);
        }

        return this;
    }

    /// <summary>Appends a <c>bytes</c> argument: its offset in the head; length and content, padded to words, in the tail.</summary>
    public AbiEncoder Bytes(ReadOnlySpan<byte> content)
    {
        byte[] encoded = new byte[WordLength + Padded(content.Length)];
        BinaryPrimitives.WriteInt32BigEndian(encoded.AsSpan(WordLength - sizeof(int)), content.Length);
        content.CopyTo(encoded.AsSpan(WordLength));
        return Dynamic(encoded);
    }

    /// <summary>Appends a <c>uint256[]</c>: its offset in the head; the count and the words in the tail.</summary>
    public AbiEncoder WordArray(IReadOnlyCollection<BigInteger> words) => Dynamic(Arguments().Word(words.Count).Words(words).ToArray());

    /// <summary>Appends a dynamic array of dynamic elements: the count, then offsets and contents as a head and a tail of their own.</summary>
    /// <param name="elements">Each element as it is encoded by itself.</param>
    public AbiEncoder DynamicArray(IReadOnlyCollection<byte[]> elements)
    {
        AbiEncoder content = Arguments();
        foreach (byte[] element in elements)
        {
            content.Dynamic(element);
        }

        return Dynamic([.. ToWord(elements.Count), .. content.ToArray()]);
    }

    /// <summary>Appends a dynamic argument that is already encoded: its offset in the head, itself in the tail.</summary>
    /// <param name="encoded">Whole words.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of 32 bytes.</exception>
    public AbiEncoder Dynamic(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length % WordLength != 0)
        {
            throw new ArgumentException($"{encoded.Length} bytes are no whole words of {WordLength}", nameof(encoded));
        }

        tail.Add((head.Count, encoded.ToArray()));
        head.Add([]);
        return this;
    }

    /// <summary>Selector, head and tail.</summary>
    public byte[] ToArray()
    {
        int offset = head.Count * WordLength;
        foreach ((int headIndex, byte[] content) in tail)
        {
            head[headIndex] = ToWord(offset);
            offset += content.Length;
        }

        byte[] encoded = new byte[selector.Length + offset];
        selector.CopyTo(encoded, 0);
        int position = selector.Length;
        foreach (byte[] word in head)
        {
            word.CopyTo(encoded, position);
            position += WordLength;
        }

        foreach ((_, byte[] content) in tail)
        {
            content.CopyTo(encoded, position);
            position += content.Length;
        }

        return encoded;
    }

    internal static byte[] ToWord(BigInteger value)
    {
        if (value.Sign < 0 || value.GetBitLength() > 8 * WordLength)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "a word holds an integer in [0, 2^256)");
        }

        byte[] word = new byte[WordLength];
        byte[] digits = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        digits.CopyTo(word, WordLength - digits.Length);
        return word;
    }

    internal static BigInteger ReadWord(ReadOnlySpan<byte> data, int index) =>
        new(data.Slice(index * WordLength, WordLength), isUnsigned: true, isBigEndian: true);

    private static int Padded(int length) => (length + WordLength - 1) / WordLength * WordLength;
}
