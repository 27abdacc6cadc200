using Accel.Proving.Frontend;

namespace Accel.Proving.Gadgets;

/// <summary>
/// The Poseidon hash with circomlib's parameters (Grassi et al., eprint 2019/458), equal to <see cref="Poseidon.Hash"/>.
/// Stored once for each number of inputs; an instance costs three constraints for each S-box: <see cref="ConstraintCount"/> in all.
/// </summary>
public static class PoseidonGadget
{
    /// <summary>The hash of 1 to 16 values. An input that is no wire yet costs one constraint more.</summary>
    /// <exception cref="ArgumentException">There are no inputs, or more than sixteen.</exception>
    public static Linear Hash(CircuitBuilder builder, params ReadOnlySpan<Linear> inputs)
    {
        if (inputs.Length is 0 or > Poseidon.InputsMax)
        {
            throw new ArgumentException($"Poseidon takes 1 to {Poseidon.InputsMax} inputs, not {inputs.Length}", nameof(inputs));
        }

        return builder.Call(new PoseidonTemplate(inputs.Length + 1), inputs)[0];
    }

    /// <summary>
    /// Constraints of a hash of n inputs, t = n + 1: 3·(8t + partial rounds) for the S-boxes, less 3 for the constant capacity element,
    /// plus n wires that end the long combinations of the partial rounds. 242 for two inputs, 301 for four, 625 for sixteen.
    /// </summary>
    public static int ConstraintCount(int inputCount)
    {
        PoseidonParameters parameters = Poseidon.Parameters(inputCount + 1);
        return (3 * ((parameters.FullRounds * parameters.Width) + parameters.PartialRounds)) - 3 + inputCount;
    }
}

/// <summary>
/// Poseidon's permutation from a zero capacity element, of which element 0 is returned. The last product of element 0's S-box, x⁴·x,
/// defines the next round's S-box input as a wire: x⁴·x·m = x′ − (the rest of the row). So in partial rounds every A and B has one term,
/// and only C, which neither the prover nor its key needs, grows with the round.
/// </summary>
internal sealed class PoseidonTemplate(int width) : ITemplate
{
    private readonly PoseidonParameters _parameters = Poseidon.Parameters(width);

    public string Key => $"Poseidon(t={width})";

    public int InputCount => width - 1;

    public Linear[] Define(CircuitBuilder builder, ReadOnlySpan<Linear> inputs)
    {
        Linear[] state = new Linear[width];
        for (int i = 0; i < width; i++)
        {
            state[i] = (i == 0 ? Linear.Zero : inputs[i - 1]) + _parameters.RoundConstant(0, i);
        }

        int half = _parameters.FullRounds / 2;
        int rounds = _parameters.FullRounds + _parameters.PartialRounds;
        for (int round = 0; round < rounds; round++)
        {
            bool full = round < half || round >= rounds - half;
            for (int i = 1; i < width && full; i++)
            {
                state[i] = builder.Multiply(builder.Square(builder.Square(state[i])), state[i]);
            }

            if (round == rounds - 1)
            {
                return [MixFirst(builder, state, Fr.Zero, out _)];
            }

            Mix(builder, state, round + 1);
            if (round == rounds - half - 1)
            {
                ToWires(builder, state);
            }
        }

        throw new InvalidOperationException("a permutation has at least one round");
    }

    /// <summary>S-box of element 0, then the matrix, then the constants of the next round.</summary>
    private void Mix(CircuitBuilder builder, Linear[] state, int nextRound)
    {
        Linear first = MixFirst(builder, state, _parameters.RoundConstant(nextRound, 0), out Linear boxed);
        Linear[] mixed = new Linear[width];
        for (int row = 1; row < width; row++)
        {
            mixed[row] = (boxed * _parameters.Mds(row, 0)) + OthersOf(state, row) + _parameters.RoundConstant(nextRound, row);
        }

        mixed[0] = first;
        mixed.CopyTo(state, 0);
    }

    /// <summary>Element 0 of the next state as one wire, and through it the output of this round's S-box as a combination.</summary>
    private Linear MixFirst(CircuitBuilder builder, Linear[] state, Fr constant, out Linear boxed)
    {
        Fr corner = _parameters.Mds(0, 0);
        Linear rest = OthersOf(state, 0) + constant;
        Linear fourth = builder.Square(builder.Square(state[0]));
        Linear next = builder.MultiplyAdd(fourth * corner, state[0], rest);
        boxed = (next - rest) * corner.Inverse();
        return next;
    }

    /// <summary>Σ over columns 1… of the matrix's row.</summary>
    private Linear OthersOf(Linear[] state, int row)
    {
        Linear sum = Linear.Zero;
        for (int column = 1; column < width; column++)
        {
            sum += state[column] * _parameters.Mds(row, column);
        }

        return sum;
    }

    private static void ToWires(CircuitBuilder builder, Linear[] state)
    {
        for (int i = 1; i < state.Length; i++)
        {
            state[i] = builder.ToWire(state[i]);
        }
    }
}
