using System.Numerics;

namespace Accel.Proving.Soundness;

/// <summary>Makes false outputs for a hint from its inputs and true outputs.</summary>
public delegate IEnumerable<Fr[]> LieGenerator(Fr[] inputs, Fr[] outputs);

/// <summary>What a dishonest solver may answer: general lies for every hint, and lies that know what a hint means.</summary>
public sealed class HintLies
{
    private readonly Dictionary<string, LieGenerator> _byName = new()
    {
        ["bits"] = BitLies,
        ["bits-from"] = BitLies,
        ["floor-divide"] = DivisionLies,
    };

    /// <summary>Adds lies for the hint of a name.</summary>
    public HintLies With(string hintName, LieGenerator lies)
    {
        _byName[hintName] = lies;
        return this;
    }

    /// <summary>
    /// Lies that differ from the truth: for single outputs 0, ±1, the neighbours, the negation and a random element; for all of them zeros
    /// and random elements; exchanged neighbours; and the hint's own.
    /// </summary>
    internal IEnumerable<Fr[]> For(string hintName, Fr[] inputs, Fr[] outputs, Random random)
    {
        IEnumerable<Fr[]> lies = General(outputs, random);
        if (_byName.TryGetValue(hintName, out LieGenerator? own))
        {
            lies = lies.Concat(own(inputs, outputs));
        }

        return lies.Where(lie => !lie.AsSpan().SequenceEqual(outputs));
    }

    /// <summary>Values that a wire is changed to.</summary>
    internal static Fr[] ValuesFor(Fr value, Random random) =>
        [Fr.Zero, Fr.One, -Fr.One, value + Fr.One, value - Fr.One, -value, NextElement(random)];

    internal static Fr NextElement(Random random)
    {
        byte[] bytes = new byte[40];
        random.NextBytes(bytes);
        return Fr.FromBigInteger(new BigInteger(bytes, isUnsigned: true));
    }

    private static IEnumerable<Fr[]> General(Fr[] outputs, Random random)
    {
        for (int i = 0; i < outputs.Length; i++)
        {
            foreach (Fr value in ValuesFor(outputs[i], random))
            {
                yield return Changed(outputs, (i, value));
            }

            if (i > 0)
            {
                yield return Changed(outputs, (i, outputs[i - 1]), (i - 1, outputs[i]));
            }
        }

        if (outputs.Length > 1)
        {
            yield return new Fr[outputs.Length];
            yield return Array.ConvertAll(outputs, _ => NextElement(random));
        }
    }

    /// <summary>Bits of value ± r, and bits whose weighted sum is right while one of them is no bit.</summary>
    private static IEnumerable<Fr[]> BitLies(Fr[] inputs, Fr[] outputs)
    {
        BigInteger integer = 0;
        for (int i = outputs.Length - 1; i >= 0; i--)
        {
            integer = (integer << 1) + outputs[i].ToBigInteger();
        }

        foreach (BigInteger alias in new[] { integer + Fr.Modulus, integer - Fr.Modulus, inputs[0].ToBigInteger() })
        {
            if (alias.Sign >= 0)
            {
                yield return [.. Enumerable.Range(0, outputs.Length).Select(i => ((alias >> i) & 1).IsZero ? Fr.Zero : Fr.One)];
            }
        }

        for (int i = 0; i < outputs.Length && outputs.Length > 1; i++)
        {
            yield return FlipAndCompensate(outputs, flip: i == 0 ? 1 : 0, at: i);
            yield return FlipAndCompensate(outputs, flip: i + 1 < outputs.Length ? i + 1 : i - 1, at: i);
        }
    }

    private static Fr[] FlipAndCompensate(Fr[] bits, int flip, int at)
    {
        Fr change = Fr.One - bits[flip].Double();
        Fr weight = ((Fr)2).Pow(Math.Max(flip - at, 0)) * ((Fr)2).Inverse().Pow(Math.Max(at - flip, 0));
        return Changed(bits, (flip, bits[flip] + change), (at, bits[at] - (change * weight)));
    }

    /// <summary>Quotients off by one with the remainder that fits them.</summary>
    private static IEnumerable<Fr[]> DivisionLies(Fr[] inputs, Fr[] outputs) =>
    [
        [outputs[0] + Fr.One, outputs[1] - inputs[1]],
        [outputs[0] - Fr.One, outputs[1] + inputs[1]],
        [inputs[0] * inputs[1].Inverse(), Fr.Zero],
    ];

    private static Fr[] Changed(Fr[] outputs, params ReadOnlySpan<(int Index, Fr Value)> changes)
    {
        Fr[] changed = (Fr[])outputs.Clone();
        foreach ((int index, Fr value) in changes)
        {
            changed[index] = value;
        }

        return changed;
    }
}
