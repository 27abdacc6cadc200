using System.Buffers.Binary;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Formats;

/// <summary>A refusal says which file, section and byte, and what would be right.</summary>
public sealed class DiagnosisTests
{
    private const string Key = "arianee-ownershipVerifier";

    [Fact]
    public void A_cut_file_says_where_it_ends_and_where_it_should()
    {
        InvalidFileException exception = RefusedKey(bytes => bytes[..100_000]);

        Assert.Equal("circuit.zkey: section 8, byte 90,744: the section ends at byte 100,000 with the file, but its header says 107,716", exception.Message);
    }

    [Fact]
    public void Another_protocol_is_named()
    {
        InvalidFileException exception = RefusedKey(bytes => Patched(bytes, SectionStart(bytes, 1), 2));

        Assert.Equal("circuit.zkey: section 1, byte 24: protocol 2 is not Groth16, which is 1", exception.Message);
    }

    [Theory]
    [InlineData(2, 4, "not that of BN254's Fq")]
    [InlineData(2, 40, "not that of BN254's Fr")]
    public void Another_prime_is_named(int section, int offset, string expected)
    {
        InvalidFileException exception = RefusedKey(bytes => Patched(bytes, SectionStart(bytes, section) + offset, 12345));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void A_point_off_the_curve_is_found_and_placed_unless_the_file_is_trusted(int section)
    {
        byte[] bytes = RealKeys.Bytes(Key, "circuit.zkey");
        int size = section == 7 ? 128 : 64;
        int at = SectionStart(bytes, section) + (2 * size);
        bytes[at] ^= 1;

        InvalidFileException exception = Assert.Throws<InvalidFileException>(() => ZkeyFile.Read("circuit.zkey", bytes));
        using ProvingKey trusted = ZkeyFile.Read("circuit.zkey", bytes, trusted: true);

        Assert.Equal((section, (long)at), (exception.Section, exception.Offset));
        Assert.Contains("point 2 of", exception.Message, StringComparison.Ordinal);
        Assert.Contains("does not satisfy the curve's equation", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_coordinate_that_is_not_reduced_is_found()
    {
        InvalidFileException exception = RefusedKey(bytes => Patched(bytes, SectionStart(bytes, 5) + 64 + 28, uint.MaxValue));

        Assert.Contains("point 1 of A is not on G1: a coordinate is not below q", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_G2_point_outside_the_subgroup_is_refused_in_the_header_even_when_trusted()
    {
        byte[] bytes = RealKeys.Bytes(Key, "circuit.zkey");
        G2Affine outside = PointOutsideSubgroup();
        int at = SectionStart(bytes, 2) + 84 + 128;
        outside.X.C0.WriteMontgomery(bytes.AsSpan(at));
        outside.X.C1.WriteMontgomery(bytes.AsSpan(at + 32));
        outside.Y.C0.WriteMontgomery(bytes.AsSpan(at + 64));
        outside.Y.C1.WriteMontgomery(bytes.AsSpan(at + 96));

        InvalidFileException exception = Assert.Throws<InvalidFileException>(() => ZkeyFile.Read("circuit.zkey", bytes, trusted: true));
        Assert.Contains("β is not in the subgroup of G2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_coefficient_outside_its_ranges_is_placed()
    {
        byte[] bytes = RealKeys.Bytes(Key, "circuit.zkey");
        int at = SectionStart(bytes, 4) + 4 + (44 * 3) + 8;
        InvalidFileException wire = Assert.Throws<InvalidFileException>(() => ZkeyFile.Read("circuit.zkey", Patched([.. bytes], at, 269)));
        InvalidFileException value = Assert.Throws<InvalidFileException>(() => ZkeyFile.Read("circuit.zkey", Patched([.. bytes], at + 4 + 28, uint.MaxValue)));

        Assert.Contains("coefficient 3 is in matrix", wire.Message, StringComparison.Ordinal);
        Assert.Contains("coefficient 3 is not below the modulus of Fr", value.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_witness_value_that_is_not_reduced_and_one_without_its_constant_are_refused()
    {
        byte[] bytes = RealKeys.WitnessBytes(Key);
        int start = SectionStart(bytes, 2);

        Assert.Contains("not below the modulus", RefusedWitness(Patched([.. bytes], start + 32 + 28, uint.MaxValue)).Message, StringComparison.Ordinal);
        Assert.Contains("wire 0 must be the constant one", RefusedWitness(Patched([.. bytes], start, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_names_a_wire_twice_or_one_that_does_not_exist_is_refused()
    {
        byte[] bytes = RealKeys.Bytes("darkforest-whitelist", "whitelist.r1cs");
        R1csFile system = R1csFile.Read("whitelist.r1cs", bytes);
        FirstRowWithTwoTerms visitor = default;
        system.VisitRows(ref visitor);
        int second = SectionStart(bytes, 2) + visitor.Offset + 4 + 36;

        InvalidFileException twice = Assert.Throws<InvalidFileException>(() => R1csFile.Read("whitelist.r1cs", Patched([.. bytes], second, visitor.FirstWire)));
        InvalidFileException none = Assert.Throws<InvalidFileException>(() => R1csFile.Read("whitelist.r1cs", Patched([.. bytes], second, 664)));

        Assert.Contains("twice in one linear combination", twice.Message, StringComparison.Ordinal);
        Assert.Contains("names wire 664, but there are 664", none.Message, StringComparison.Ordinal);
        Assert.Equal(second, none.Offset);
    }

    [Fact]
    public void A_missing_file_is_an_ordinary_io_error()
    {
        using TemporaryFolder folder = new();

        Assert.Throws<FileNotFoundException>(() => ZkeyFile.Read(folder["absent.zkey"]));
        Assert.Throws<FileNotFoundException>(() => R1csFile.Read(folder["absent.r1cs"]));
    }

    [Fact]
    public void A_name_longer_than_its_length_byte_is_an_argument_error()
    {
        Assert.Equal("someone", ContributionParameters.Named("someone").Name);
        Assert.Throws<ArgumentException>(() => ContributionParameters.Named(new string('x', ContributionParameters.NameBytesMax + 1)));
    }

    /// <summary>A point of the twist found by trying x = 1, 2, …; the cofactor is so large that the first is outside the subgroup.</summary>
    internal static G2Affine PointOutsideSubgroup()
    {
        for (int i = 1; ; i++)
        {
            Fq2 x = new(i, 0);
            if (((x.Square() * x) + Bn254G2.B).TrySqrt(out Fq2 y))
            {
                return new G2Affine(x, y);
            }
        }
    }

    private static InvalidFileException RefusedKey(Func<byte[], byte[]> spoil) =>
        Assert.Throws<InvalidFileException>(() => ZkeyFile.Read("circuit.zkey", spoil(RealKeys.Bytes(Key, "circuit.zkey"))));

    private static InvalidFileException RefusedWitness(byte[] bytes) => Assert.Throws<InvalidFileException>(() => WitnessFile.Read("witness.wtns", bytes));

    private static byte[] Patched(byte[] bytes, int at, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
        return bytes;
    }

    private static int SectionStart(byte[] bytes, int id)
    {
        using SectionedFile file = SectionedFile.FromMemory("any", bytes, bytes[0] switch
        {
            (byte)'z' => SectionedFormat.Zkey,
            (byte)'w' => SectionedFormat.Witness,
            _ => SectionedFormat.R1cs,
        });
        Assert.True(file.Has(id));
        Assert.Equal(bytes.Length, file.Length);
        return (int)file.Sections.Single(section => section.Id == id).Start;
    }

    /// <summary>Finds the byte of section 2 at which the first A with two terms begins.</summary>
    private struct FirstRowWithTwoTerms : ConstraintSystems.IRowVisitor
    {
        private bool _found;

        public int Offset { get; private set; }

        public uint FirstWire { get; private set; }

        public void VisitRow(int constraint, ReadOnlySpan<ConstraintSystems.Term> a, ReadOnlySpan<ConstraintSystems.Term> b, ReadOnlySpan<ConstraintSystems.Term> c)
        {
            if (_found)
            {
                return;
            }

            _found = a.Length > 1;
            FirstWire = a.Length > 0 ? a[0].Wire : 0;
            Offset += _found ? 0 : 12 + (36 * (a.Length + b.Length + c.Length));
        }
    }
}
