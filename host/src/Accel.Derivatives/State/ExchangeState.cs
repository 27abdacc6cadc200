using System.Collections.Immutable;

namespace Accel.Derivatives.State;

/// <summary>The accounts by leaf index, and their tree. Leaf 0 is the clearing account, the other side of every expiry.</summary>
public sealed class ExchangeState
{
    /// <summary>The clearing account's leaf.</summary>
    public const int ClearingLeaf = 0;

    /// <summary>The leaf that keeps the open interest of every instrument. Nobody has its key, so it never trades.</summary>
    public const int OpenInterestLeaf = 1;

    private readonly ImmutableSortedDictionary<int, Account> _accounts;

    // Hashed when it is asked for: of the states that a batch passes through or drops, most are never committed to.
    private readonly Lazy<AccountTree> _tree;
    private readonly AccountTree _hashed;
    private readonly ImmutableHashSet<int> _unhashed;

    /// <param name="accounts">All accounts.</param>
    /// <param name="hashed">The tree of an earlier state.</param>
    /// <param name="unhashed">Leaves that differ from it.</param>
    private ExchangeState(ImmutableSortedDictionary<int, Account> accounts, AccountTree hashed, ImmutableHashSet<int> unhashed)
    {
        _accounts = accounts;
        _hashed = hashed;
        _unhashed = unhashed;
        _tree = new Lazy<AccountTree>(HashLeaves);
    }

    /// <summary>A state without accounts.</summary>
    public static ExchangeState Empty { get; } = new(ImmutableSortedDictionary<int, Account>.Empty, new AccountTree(), []);

    /// <summary>Accounts by leaf index, ascending.</summary>
    public IReadOnlyDictionary<int, Account> Accounts => _accounts;

    /// <summary>The tree over the accounts' leaves. The first call hashes what has changed, on all processors.</summary>
    public AccountTree Tree => _tree.Value;

    /// <summary>The tree's root, which commits to the whole state.</summary>
    public Fr Root => Tree.Root;

    /// <summary>The account of a leaf, or null when the leaf is empty.</summary>
    public Account? Find(int leaf) => _accounts.GetValueOrDefault(leaf);

    /// <summary>A state in which some accounts are added or replaced.</summary>
    /// <exception cref="ArgumentException">An account is not valid; the message names its leaf.</exception>
    public ExchangeState With(IEnumerable<KeyValuePair<int, Account>> accounts) =>
        WithLeaves(accounts.Select(pair => KeyValuePair.Create<int, Account?>(pair.Key, pair.Value)));

    /// <summary>A state in which some accounts are added or replaced, and those that are null taken away.</summary>
    /// <exception cref="ArgumentException">An account is not valid; the message names its leaf.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A leaf is not below 4¹².</exception>
    public ExchangeState WithLeaves(IEnumerable<KeyValuePair<int, Account?>> accounts)
    {
        KeyValuePair<int, Account?>[] changed = [.. accounts];
        foreach ((int leaf, Account? account) in changed)
        {
            AccountTree.RequireLeaf(leaf);
            Validate(leaf, account);
        }

        IEnumerable<int> leaves = changed.Select(pair => pair.Key);
        ImmutableSortedDictionary<int, Account> after = Replace(_accounts, changed);
        return _tree.IsValueCreated ? new ExchangeState(after, Tree, [.. leaves]) : new ExchangeState(after, _hashed, _unhashed.Union(leaves));
    }

    private AccountTree HashLeaves()
    {
        int[] leaves = [.. _unhashed];
        var hashes = new KeyValuePair<int, Fr>[leaves.Length];
        Parallel.For(0, leaves.Length, i => hashes[i] = KeyValuePair.Create(leaves[i], Find(leaves[i])?.Hash() ?? Fr.Zero));
        return _hashed.With(hashes);
    }

    private static ImmutableSortedDictionary<int, Account> Replace(ImmutableSortedDictionary<int, Account> accounts, KeyValuePair<int, Account?>[] changed)
    {
        ImmutableSortedDictionary<int, Account>.Builder builder = accounts.ToBuilder();
        foreach ((int leaf, Account? account) in changed)
        {
            if (account is null)
            {
                builder.Remove(leaf);
            }
            else
            {
                builder[leaf] = account;
            }
        }

        return builder.ToImmutable();
    }

    private static void Validate(int leaf, Account? account)
    {
        try
        {
            account?.Validate();
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException($"account at leaf {leaf}: {error.Message}", nameof(account), error);
        }
    }
}
