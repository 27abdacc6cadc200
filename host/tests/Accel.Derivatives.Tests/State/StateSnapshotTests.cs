using Accel.Derivatives.State;
using Accel.Proving.Formats;
using Xunit;

namespace Accel.Derivatives.Tests.State;

public sealed class StateSnapshotTests
{
    private const int Seed = 20260303;

    [Fact]
    public void A_snapshot_read_elsewhere_has_the_same_root_and_accounts()
    {
        (byte[] file, StateSnapshot snapshot) = Sample();
        var read = StateSnapshot.Read("state.snapshot", file);

        Assert.Equal((17UL, snapshot.State.Root), (read.BatchNumber, read.State.Root));
        Assert.Equal(snapshot.State.Accounts.Select(pair => (pair.Key, pair.Value.Hash())), read.State.Accounts.Select(pair => (pair.Key, pair.Value.Hash())));
        using MemoryStream again = new();
        read.Write(again);
        Assert.Equal(file, again.ToArray());
    }

    [Fact]
    public void An_empty_state_has_a_snapshot_too()
    {
        using MemoryStream stream = new();
        new StateSnapshot(0, ExchangeState.Empty).Write(stream);
        Assert.Equal(ExchangeState.Empty.Root, StateSnapshot.Read("empty", stream.ToArray()).State.Root);
    }

    [Fact]
    public void Changed_and_shortened_snapshots_are_refused()
    {
        (byte[] file, _) = Sample();
        Random random = new(Seed);
        for (int i = 0; i < 200; i++)
        {
            byte[] changed = [.. file];
            changed[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Throws<InvalidFileException>(() => StateSnapshot.Read("changed", changed));
            int cut = random.Next(file.Length);
            Assert.Throws<InvalidFileException>(() => StateSnapshot.Read("cut", file.AsSpan(0, cut)));
        }
    }

    [Fact]
    public void A_snapshot_that_lies_about_its_root_or_accounts_is_refused_even_with_a_right_hash()
    {
        (byte[] file, _) = Sample();
        foreach (int at in (int[])[20, 52, 52 + 4 + 2 + 31 + 25])
        {
            byte[] changed = file[..^32];
            changed[at] ^= 1;
            byte[] sealedAgain = [.. changed, .. System.Security.Cryptography.SHA256.HashData(changed)];
            Assert.Throws<InvalidFileException>(() => StateSnapshot.Read("forged", sealedAgain));
        }
    }

    private static (byte[] File, StateSnapshot Snapshot) Sample()
    {
        RandomStates random = new(Seed);
        StateSnapshot snapshot = new(17, random.Next(ExchangeState.Empty, random.Leaves(20), touched: 20, out _));
        using MemoryStream stream = new();
        snapshot.Write(stream);
        return (stream.ToArray(), snapshot);
    }
}
