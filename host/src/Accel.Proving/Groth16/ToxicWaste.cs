using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Accel.Proving.Groth16;

/// <summary>The secrets of a set-up. Whoever knows them forges proofs, so they live in memory that the collector does not copy, and are wiped.</summary>
internal sealed class ToxicWaste : IDisposable
{
    private const int SigmaFirst = 4;

    private readonly Fr[] _secrets;

    public ToxicWaste(int domainLog2, int commitmentCount)
    {
        _secrets = GC.AllocateUninitializedArray<Fr>(SigmaFirst + commitmentCount, pinned: true);
        for (int i = 0; i < _secrets.Length; i++)
        {
            _secrets[i] = RandomScalar.NextNonZero();
        }

        // A τ in the domain of twice the size would make a denominator zero; the chance is 2^(k−253).
        while (Tau.Pow(2L << domainLog2).IsOne)
        {
            _secrets[0] = RandomScalar.NextNonZero();
        }
    }

    public Fr Tau => _secrets[0];

    public Fr Alpha => _secrets[1];

    public Fr Beta => _secrets[2];

    public Fr Delta => _secrets[3];

    /// <summary>σⱼ, under which knowledge of commitment j is proved. One for all would let a prover move values from one commitment to another.</summary>
    public Fr Sigma(int commitment) => _secrets[SigmaFirst + commitment];

    public void Dispose() => Wipe(_secrets);

    /// <summary>Overwrites scalars from which the secrets could be found.</summary>
    public static void Wipe(Span<Fr> secrets) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(secrets));
}
