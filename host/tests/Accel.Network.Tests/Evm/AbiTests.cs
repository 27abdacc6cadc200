using System.Numerics;
using System.Text;
using Accel.Network.Evm;
using Xunit;

namespace Accel.Network.Tests.Evm;

public sealed class AbiTests
{
    [Theory]
    [InlineData("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    public void Keccak_gives_the_known_digests(string message, string digest) =>
        Assert.Equal(digest, Convert.ToHexStringLower(Keccak256.Hash(Encoding.ASCII.GetBytes(message))));

    /// <summary>The first two are the Solidity documentation's examples ("Contract ABI Specification", Examples).</summary>
    [Theory]
    [InlineData("baz(uint32,bool)", "cdcd77c0")]
    [InlineData("sam(bytes,bool,uint256[])", "a5643bf2")]
    [InlineData("transfer(address,uint256)", "a9059cbb")]
    public void Selectors_are_those_of_the_specification(string signature, string selector) =>
        Assert.Equal(selector, Convert.ToHexStringLower(Keccak256.Selector(signature)));

    /// <summary>The specification's baz(69, true).</summary>
    [Fact]
    public void Words_follow_the_selector() => Assert.Equal(
        "cdcd77c0" + new string('0', 62) + "45" + new string('0', 63) + "1",
        Convert.ToHexStringLower(AbiEncoder.Call("baz(uint32,bool)").Word(69).Word(1).ToArray()));

    /// <summary>The dynamic part of the specification's sam("dave", true, …), with one dynamic argument.</summary>
    [Fact]
    public void Bytes_go_to_the_tail_behind_all_words()
    {
        string expected = Word("40") + Word("1") + Word("4") + "64617665" + new string('0', 56);
        Assert.Equal(expected, Convert.ToHexStringLower(AbiEncoder.Arguments().Bytes("dave"u8).Word(1).ToArray()));
        Assert.Equal(Word("20") + Word("0"), Convert.ToHexStringLower(AbiEncoder.Arguments().Bytes([]).ToArray()));
        Assert.Equal(Word("40") + Word("80") + Word("1") + "01" + new string('0', 62) + Word("1") + "02" + new string('0', 62),
            Convert.ToHexStringLower(AbiEncoder.Arguments().Bytes([1]).Bytes([2]).ToArray()));
    }

    [Fact]
    public void A_word_holds_256_bits()
    {
        Assert.Equal(new string('f', 64), Convert.ToHexStringLower(AbiEncoder.Arguments().Words([(BigInteger.One << 256) - 1]).ToArray()));
        Assert.Throws<ArgumentOutOfRangeException>(() => AbiEncoder.Arguments().Word(BigInteger.One << 256));
        Assert.Throws<ArgumentOutOfRangeException>(() => AbiEncoder.Arguments().Word(-1));
    }

    [Fact]
    public void Addresses_are_read_and_written_with_all_their_digits()
    {
        const string Text = "0x00000000000000000000000000000000000000ff";
        Assert.Equal(Text, EvmAddress.Parse(Text).ToString());
        Assert.Equal(255, EvmAddress.Parse(Text).Value);
        Assert.Equal("0x" + new string('f', 40), new EvmAddress((BigInteger.One << 160) - 1).ToString());
        Assert.Throws<FormatException>(() => EvmAddress.Parse("0xff"));
        Assert.Throws<FormatException>(() => EvmAddress.Parse(Text[2..]));
        Assert.Throws<FormatException>(() => EvmAddress.Parse("0x" + new string('g', 40)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EvmAddress(BigInteger.One << 160));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EvmAddress(-1));
    }

    [Fact]
    public void Errors_decode_only_their_own_data()
    {
        byte[] overflow = AbiEncoder.Call("Panic(uint256)").Word(0x11).ToArray();
        Assert.Equal("Panic(uint256)", AbiError.Panic.Signature);
        Assert.Equal(0x11, AbiError.Panic.TryDecode(overflow)!["code"]);
        Assert.Null(AbiError.Panic.TryDecode(overflow.AsSpan(0, 35)));
        Assert.Null(new AbiError("Other", [("code", "uint256")]).TryDecode(overflow));
    }

    [Fact]
    public void An_artifact_of_another_kind_is_refused_with_its_path()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, """{ "contractName": "X", "abi": [] }""");
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => ContractArtifact.Load(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Word(string digits) => digits.PadLeft(64, '0');

    /// <summary>The ABI specification's own example: g(uint256[][],string[]) of [[1, 2], [3]] and ["one", "two", "three"].</summary>
    [Fact]
    public void Nests_dynamic_arrays_as_the_specification_shows()
    {
        byte[] encoded = AbiEncoder.Call("g(uint256[][],string[])")
            .DynamicArray([Array(1, 2), Array(3)])
            .DynamicArray([Text("one"), Text("two"), Text("three")])
            .ToArray();

        Assert.Equal("2289b18c", Convert.ToHexStringLower(encoded[..4]));
        BigInteger[] expected =
        [
            0x40, 0x140, 2, 0x40, 0xa0, 2, 1, 2, 1, 3, 3, 0x60, 0xa0, 0xe0,
            3, Left("one"), 3, Left("two"), 5, Left("three"),
        ];
        Assert.Equal(expected, Enumerable.Range(0, (encoded.Length - 4) / 32).Select(i => new BigInteger(encoded.AsSpan(4 + (32 * i), 32), true, true)));

        static byte[] Array(params BigInteger[] words) => AbiEncoder.Arguments().WordArray(words).ToArray()[32..];
        static byte[] Text(string text) => AbiEncoder.Arguments().Bytes(Encoding.ASCII.GetBytes(text)).ToArray()[32..];
        static BigInteger Left(string text) => new(Encoding.ASCII.GetBytes(text.PadRight(32, '\0')), isUnsigned: true, isBigEndian: true);
    }

    [Fact]
    public void Refuses_a_dynamic_argument_of_partial_words() =>
        Assert.Throws<ArgumentException>(() => AbiEncoder.Arguments().Dynamic(new byte[33]));
}
