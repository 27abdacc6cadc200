using System.Numerics;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Proving.Tests.Formats;
using Xunit;

namespace Accel.Proving.Tests.Groth16;

/// <summary>Nothing but a proof of these public inputs verifies.</summary>
public sealed class VerifierTests
{
    private const string Name = "semaphore-1";

    private readonly VerificationKey _key = VerificationKeyJson.Read(RealKeys.File(Name, "verification_key.json"));
    private readonly Fr[] _publicInputs = PublicJson.Read(RealKeys.File(Name, "public.json"));
    private readonly Proof _proof = ProofJson.Read(RealKeys.File(Name, "proof_snarkjs.json"));

    public static TheoryData<string, int> FlippedBits
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (string coordinate in (string[])["a.x", "a.y", "b.x0", "b.x1", "b.y0", "b.y1", "c.x", "c.y"])
            {
                data.Add(coordinate, 0);
                data.Add(coordinate, 131);
                data.Add(coordinate, 252);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(FlippedBits))]
    public void A_flipped_bit_in_any_coordinate_is_refused(string coordinate, int bit)
    {
        Assert.False(Groth16Verifier.Verify(_key, _publicInputs, Flipped(coordinate, bit)));
    }

    [Fact]
    public void Other_public_inputs_are_refused()
    {
        for (int i = 0; i < _publicInputs.Length; i++)
        {
            Fr[] other = [.. _publicInputs];
            other[i] += Fr.One;
            Assert.False(Groth16Verifier.Verify(_key, other, _proof));
        }

        Assert.False(Groth16Verifier.Verify(_key, _publicInputs.AsSpan(1), _proof));
        Assert.False(Groth16Verifier.Verify(_key, (Fr[])[.. _publicInputs, Fr.Zero], _proof));
    }

    [Fact]
    public void A_public_input_is_not_reduced()
    {
        BigInteger[] integers = [.. _publicInputs.Select(value => value.ToBigInteger())];
        Assert.True(Groth16Verifier.Verify(_key, integers, _proof));

        for (int i = 0; i < integers.Length; i++)
        {
            Assert.False(Groth16Verifier.Verify(_key, [.. integers[..i], integers[i] + Fr.Modulus, .. integers[(i + 1)..]], _proof));
            Assert.False(Groth16Verifier.Verify(_key, [.. integers[..i], integers[i] - Fr.Modulus, .. integers[(i + 1)..]], _proof));
        }
    }

    [Fact]
    public void A_proof_for_another_key_is_refused()
    {
        VerificationKey other = VerificationKeyJson.Read(RealKeys.File("semaphore-10", "verification_key.json"));

        Assert.Equal(_key.PublicCount, other.PublicCount);
        Assert.False(Groth16Verifier.Verify(other, _publicInputs, _proof));
    }

    [Fact]
    public void Points_outside_their_groups_are_refused()
    {
        Proof outside = _proof with { B = DiagnosisTests.PointOutsideSubgroup() };

        Assert.True(outside.B.IsOnCurve);
        Assert.False(outside.IsWellFormed());
        Assert.False(Groth16Verifier.Verify(_key, _publicInputs, outside));
        Assert.False(Groth16Verifier.Verify(_key, _publicInputs, new Proof(default, default, default)));
    }

    [Fact]
    public void Negating_one_point_is_refused_but_A_and_B_together_make_another_proof()
    {
        // Groth16 is malleable by design: whoever uses a proof as a unique token must hash the statement instead.
        Assert.False(Groth16Verifier.Verify(_key, _publicInputs, _proof with { A = -_proof.A }));
        Assert.False(Groth16Verifier.Verify(_key, _publicInputs, _proof with { B = -_proof.B }));
        Assert.False(Groth16Verifier.Verify(_key, _publicInputs, _proof with { C = -_proof.C }));
        Assert.True(Groth16Verifier.Verify(_key, _publicInputs, _proof with { A = -_proof.A, B = -_proof.B }));
    }

    private Proof Flipped(string coordinate, int bit) => coordinate switch
    {
        "a.x" => _proof with { A = _proof.A with { X = Flip(_proof.A.X, bit) } },
        "a.y" => _proof with { A = _proof.A with { Y = Flip(_proof.A.Y, bit) } },
        "b.x0" => _proof with { B = _proof.B with { X = _proof.B.X with { C0 = Flip(_proof.B.X.C0, bit) } } },
        "b.x1" => _proof with { B = _proof.B with { X = _proof.B.X with { C1 = Flip(_proof.B.X.C1, bit) } } },
        "b.y0" => _proof with { B = _proof.B with { Y = _proof.B.Y with { C0 = Flip(_proof.B.Y.C0, bit) } } },
        "b.y1" => _proof with { B = _proof.B with { Y = _proof.B.Y with { C1 = Flip(_proof.B.Y.C1, bit) } } },
        "c.x" => _proof with { C = _proof.C with { X = Flip(_proof.C.X, bit) } },
        _ => _proof with { C = _proof.C with { Y = Flip(_proof.C.Y, bit) } },
    };

    private static Fq Flip(Fq value, int bit) => Fq.FromBigInteger(value.ToBigInteger() ^ (BigInteger.One << bit));
}
