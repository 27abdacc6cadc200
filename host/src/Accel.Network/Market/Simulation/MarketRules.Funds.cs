using System.Numerics;
using Accel.Network.Evm;

namespace Accel.Network.Market.Simulation;

/// <content>Free funds, locked stakes and slots.</content>
public sealed partial class MarketRules
{
    private readonly Dictionary<EvmAddress, Holdings> accounts = [];

    /// <summary>All wei that ever came in.</summary>
    public BigInteger PaidInWei { get; private set; }

    /// <summary>All wei that were withdrawn.</summary>
    public BigInteger PaidOutWei { get; private set; }

    /// <summary>Wei that were burnt.</summary>
    public BigInteger BurntWei { get; private set; }

    /// <summary>Escrows of open requests, summed.</summary>
    public BigInteger EscrowedWei => Sum(requests.Where(asked => asked.Closed == MarketPhase.Unknown).Select(asked => asked.CeilingWei));

    /// <summary>Free funds and locked stakes of all accounts, summed.</summary>
    public BigInteger HeldWei => Sum(accounts.Values.Select(account => account.FreeWei + account.LockedWei));

    /// <summary>Whether everything that came in is somebody's, in escrow, burnt or withdrawn.</summary>
    public bool ConservesFunds => PaidInWei == PaidOutWei + HeldWei + EscrowedWei + BurntWei;

    /// <summary>What an account may withdraw or bid with.</summary>
    public BigInteger FreeOf(EvmAddress account) => accounts.TryGetValue(account, out Holdings? held) ? held.FreeWei : 0;

    /// <summary>What backs an account's bids and proofs in the making.</summary>
    public BigInteger LockedOf(EvmAddress account) => accounts.TryGetValue(account, out Holdings? held) ? held.LockedWei : 0;

    /// <summary>How many bids and proofs in the making a prover may hold at once.</summary>
    public long SlotsOf(EvmAddress prover) => accounts.TryGetValue(prover, out Holdings? held) ? held.Slots : 1;

    /// <summary>How many of them it holds; after a slash it may be more than it has.</summary>
    public long BusySlotsOf(EvmAddress prover) => accounts.TryGetValue(prover, out Holdings? held) ? held.Busy : 0;

    /// <summary>Adds to an account's free funds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative.</exception>
    public void Deposit(EvmAddress account, BigInteger wei)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(wei);
        Of(account).FreeWei += wei;
        PaidInWei += wei;
    }

    /// <summary>Pays free funds out.</summary>
    public MarketRefusal Withdraw(EvmAddress account, BigInteger wei)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(wei);
        if (FreeOf(account) < wei)
        {
            return MarketRefusal.InsufficientFunds;
        }

        Of(account).FreeWei -= wei;
        PaidOutWei += wei;
        return MarketRefusal.None;
    }

    private Holdings Of(EvmAddress account)
    {
        if (!accounts.TryGetValue(account, out Holdings? held))
        {
            accounts.Add(account, held = new Holdings());
        }

        return held;
    }

    /// <summary>Takes a slot and collateral.</summary>
    private MarketRefusal Lock(EvmAddress prover, BigInteger wei)
    {
        Holdings held = Of(prover);
        if (held.Busy >= held.Slots)
        {
            return MarketRefusal.NoFreeSlot;
        }

        if (held.FreeWei < wei)
        {
            return MarketRefusal.InsufficientFunds;
        }

        held.FreeWei -= wei;
        held.LockedWei += wei;
        held.Busy++;
        return MarketRefusal.None;
    }

    /// <summary>Ends a lock whose collateral goes elsewhere.</summary>
    private void Consume(EvmAddress prover, BigInteger wei)
    {
        Holdings held = Of(prover);
        held.Busy--;
        held.LockedWei -= wei;
    }

    /// <summary>Ends a lock and gives the collateral back.</summary>
    private void Unlock(EvmAddress prover, BigInteger wei)
    {
        Consume(prover, wei);
        Of(prover).FreeWei += wei;
    }

    private void Slash(EvmAddress prover)
    {
        Holdings held = Of(prover);
        held.Slots = Math.Max(1, held.Slots / 2);
    }

    private static BigInteger Sum(IEnumerable<BigInteger> amounts) => amounts.Aggregate(BigInteger.Zero, BigInteger.Add);

    private sealed class Holdings
    {
        public BigInteger FreeWei { get; set; }

        public BigInteger LockedWei { get; set; }

        public long Slots { get; set; } = 1;

        public long Busy { get; set; }
    }
}
