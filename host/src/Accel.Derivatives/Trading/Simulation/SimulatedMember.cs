using System.Globalization;
using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading.Simulation;

/// <summary>
/// One member of a simulated venue: a leaf, a development key, and sixteen slots for orders. A slot is held from an order's first fill until the
/// order leaves the book, for the statement forgets an order as soon as a higher nonce is filled in its slot.
/// </summary>
internal sealed class SimulatedMember(int seed, int index)
{
    private readonly long[] _generations = new long[OrderSlots.Count];
    private readonly bool[] _isHeld = new bool[OrderSlots.Count];

    public int Leaf { get; } = SimulationOptions.FirstLeaf + index;

    public EdDsaPrivateKey Key { get; } = Book.DevelopmentKey(KeySeed(seed, index));

    /// <summary>Whoever knows this text owns the account.</summary>
    public static string KeySeed(int seed, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"accel simulated member {index} of seed {seed}");

    public static Account AccountOf(EdDsaPrivateKey key, CashAmount cash) =>
        new() { KeyX = key.PublicKey.Point.X, KeyY = key.PublicKey.Point.Y, Cash = cash };

    /// <summary>The next nonce of a free slot, which it holds, or null when all are held.</summary>
    public long? TakeNonce()
    {
        int slot = Array.IndexOf(_isHeld, false);
        if (slot < 0)
        {
            return null;
        }

        _isHeld[slot] = true;
        return (++_generations[slot] * OrderSlots.Count) + slot;
    }

    public void Release(long nonce) => _isHeld[OrderSlots.IndexOf(nonce)] = false;
}
