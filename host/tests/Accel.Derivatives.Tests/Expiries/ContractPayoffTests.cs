using System.Numerics;
using Accel.Derivatives.Circuits;
using Accel.Derivatives.Expiries;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Expiries;

public sealed class ContractPayoffTests(ITestOutputHelper output)
{
    private const int Slots = 3;
    private const int BatchSize = 32;

    // Under ACCEL_TEST_SCALE=long these are 100,000 contracts.
    private const int UsualContractCount = 4_000;

    private static readonly FixingSeries Series = FixingSeries.Create("BTC", FixingKind.Price, 1_000, [new(100, 90), new(200, 130), new(300, 110)]);

    [Theory]
    [InlineData(OptionKind.Call, 100, 10)]
    [InlineData(OptionKind.Call, 110, 0)]
    [InlineData(OptionKind.Put, 120, 10)]
    [InlineData(OptionKind.Put, 110, 0)]
    public void A_vanilla_option_pays_its_intrinsic_value(OptionKind option, long strike, long expected) =>
        Assert.Equal(expected, ContractPayoff.Compute(ContractTerms.Of(new Instrument("BTC", 300, new PriceTicks(strike), option)), Series));

    [Theory]
    [InlineData(ContractKind.CashOrNothing, OptionKind.Call, 109, 7)]
    [InlineData(ContractKind.CashOrNothing, OptionKind.Call, 110, 0)]
    [InlineData(ContractKind.CashOrNothing, OptionKind.Put, 111, 7)]
    [InlineData(ContractKind.CashOrNothing, OptionKind.Put, 110, 0)]
    [InlineData(ContractKind.AssetOrNothing, OptionKind.Call, 109, 110)]
    [InlineData(ContractKind.AssetOrNothing, OptionKind.Put, 109, 0)]
    public void A_digital_pays_beyond_its_strike_only(ContractKind kind, OptionKind option, long strike, long expected)
    {
        ContractTerms terms = Exotic(kind, option, strike) with
        {
            FirstFixing = 300,
            FixingCount = 1,
            Amount = new PriceTicks(kind == ContractKind.CashOrNothing ? 7 : 0)
        };
        Assert.Equal(expected, ContractPayoff.Compute(terms, Series));
    }

    /// <summary>Fixings are 90, 130, 110: the eight kinds at a barrier that is touched exactly, and one tick further.</summary>
    [Theory]
    [InlineData(true, false, 130, 10)]
    [InlineData(true, false, 131, 3)]
    [InlineData(true, true, 130, 3)]
    [InlineData(true, true, 131, 10)]
    [InlineData(false, false, 90, 10)]
    [InlineData(false, false, 89, 3)]
    [InlineData(false, true, 90, 3)]
    [InlineData(false, true, 89, 10)]
    public void A_barrier_is_touched_by_a_fixing_at_it(bool isUp, bool isKnockOut, long barrier, long expected)
    {
        foreach ((OptionKind option, long strike) in ((OptionKind, long)[])[(OptionKind.Call, 100), (OptionKind.Put, 120)])
        {
            ContractTerms terms = Exotic(ContractKind.Barrier, option, strike) with
            {
                Barrier = new PriceTicks(barrier),
                IsUp = isUp,
                IsKnockOut = isKnockOut,
                Amount = new PriceTicks(3)
            };
            Assert.Equal(expected, ContractPayoff.Compute(terms, Series));
        }
    }

    [Fact]
    public void Only_fixings_of_the_contract_touch_its_barrier()
    {
        ContractTerms terms = Exotic(ContractKind.Barrier, OptionKind.Call, 100) with
        {
            Barrier = new PriceTicks(90),
            Amount = new PriceTicks(3),
            FirstFixing = 101,
            FixingCount = 2
        };
        Assert.Equal(3, ContractPayoff.Compute(terms, Series));
    }

    [Fact]
    public void Means_are_floored_to_a_tick()
    {
        FixingSeries series = FixingSeries.Create("BTC", FixingKind.Price, 300, [new(100, 100), new(200, 100), new(300, 101)]);
        Assert.Equal(1, ContractPayoff.Compute(Exotic(ContractKind.ArithmeticAsian, OptionKind.Put, 101), series));
        Assert.Equal(0, ContractPayoff.Compute(Exotic(ContractKind.ArithmeticAsian, OptionKind.Call, 100), series));
        Assert.Equal(1, ContractPayoff.Compute(Exotic(ContractKind.GeometricAsian, OptionKind.Put, 101), series));
    }

    [Fact]
    public void The_geometric_mean_is_within_its_bound_of_the_exact_root()
    {
        Random random = new(20261201);
        double worst = 0;
        for (int i = 0; i < TestScale.Count(400); i++)
        {
            int bits = random.Next(20, 37);
            long[] prices = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.NextInt64(1L << (bits - 3), 1L << bits))];
            BigInteger product = prices.Aggregate(BigInteger.One, (all, price) => all * price);
            double exact = Math.Exp(BigInteger.Log(product) / prices.Length);
            double error = Math.Abs(GeometricMean.Compute(prices) - exact);
            Assert.InRange(error, 0, (8e-9 * exact) + 1);
            worst = Math.Max(worst, (error - 1) / exact);
        }

        output.WriteLine($"worst error beyond one tick: {worst:E2} of the mean");
    }

    [Theory]
    [InlineData(ContractKind.ArithmeticAsian, 100, 2)]
    [InlineData(ContractKind.ArithmeticAsian, 100, 4)]
    [InlineData(ContractKind.ArithmeticAsian, 101, 3)]
    [InlineData(ContractKind.Barrier, 100, 4)]
    public void A_fixing_too_few_or_too_many_is_refused(ContractKind kind, long first, int count)
    {
        ContractTerms terms = Exotic(kind, OptionKind.Call, 100) with { FirstFixing = first, FixingCount = count };
        Assert.Contains("the contract needs", Assert.Throws<SettlementException>(() => ContractPayoff.Compute(terms, Series)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_contract_that_is_live_or_has_no_fixing_at_expiry_or_another_underlying_is_refused()
    {
        ContractTerms terms = Exotic(ContractKind.ArithmeticAsian, OptionKind.Call, 100);
        Assert.Throws<SettlementException>(() => ContractPayoff.Compute(terms with { Expiry = 1_001 }, Series));
        Assert.Throws<SettlementException>(() => ContractPayoff.Compute(terms with { Expiry = 301 }, Series));
        Assert.Throws<SettlementException>(() => ContractPayoff.Compute(terms with { Underlying = "ETH" }, Series));
    }

    [Fact]
    public void Every_term_changes_the_id_and_a_vanilla_one_keeps_the_instruments()
    {
        ContractTerms barrier = Exotic(ContractKind.Barrier, OptionKind.Call, 100) with { Barrier = new PriceTicks(90), Amount = new PriceTicks(3) };
        ContractTerms[] changed =
        [
            barrier, barrier with { Underlying = "ETH" }, barrier with { Kind = ContractKind.ArithmeticAsian },
            barrier with { Option = OptionKind.Put },
            barrier with { Strike = new PriceTicks(101) }, barrier with { Expiry = 301 }, barrier with { FirstFixing = 101 },
            barrier with { FixingCount = 2 },
            barrier with { Barrier = new PriceTicks(91) }, barrier with { Amount = new PriceTicks(4) }, barrier with { IsUp = true },
            barrier with { IsKnockOut = true },
        ];
        Assert.Equal(changed.Length, changed.Select(c => c.Id).Distinct().Count());
        Instrument instrument = Instrument.Parse("BTC-16JAN26-82000-C");
        Assert.Equal(instrument.Id, ContractTerms.Of(instrument).Id);
    }

    [Fact]
    public void Terms_outside_their_domain_are_refused()
    {
        ContractTerms asian = Exotic(ContractKind.ArithmeticAsian, OptionKind.Call, 100);
        asian.Validate();
        ContractTerms[] wrong =
        [
            asian with { Strike = default }, asian with { FirstFixing = 0 }, asian with { FirstFixing = 301 }, asian with { FixingCount = 0 },
            asian with { FixingCount = 256 },
            asian with { Barrier = new PriceTicks(1) }, asian with { Amount = new PriceTicks(1) }, asian with { IsUp = true },
            asian with { Kind = (ContractKind)6 },
            asian with { Kind = ContractKind.Vanilla }, asian with { Kind = ContractKind.Barrier }, asian with { Expiry = 1L << 40 },
        ];
        Assert.All(wrong, terms => Assert.Throws<ArgumentException>(terms.Validate));
    }

    [Fact]
    public void The_circuit_pays_what_the_reference_pays()
    {
        using CompiledCircuit circuit = CompiledCircuit.Compile(new ContractBatch());
        int expired = 0, paid = 0, count = TestScale.Count(UsualContractCount);
        for (int seed = 0; seed * BatchSize < count; seed++)
        {
            Random random = new(seed);
            FixingSeries series = RandomExpiries.Series(random, Slots);
            ContractTerms[] contracts = [.. Enumerable.Range(0, BatchSize).Select(_ => RandomExpiries.Contract(random, series))];
            Violation? violation = WitnessSolver.TrySolve(circuit, ContractBatch.Assign(circuit, series, contracts)).Violation;
            Assert.True(violation is null, $"seed {seed}: {violation}");
            expired += contracts.Count(c => c.Expiry <= series.Time);
            paid += contracts.Count(c => c.Expiry <= series.Time && ContractPayoff.Compute(c, series) > 0);
        }

        output.WriteLine($"{count} contracts, {expired} expired, {paid} paid something");
        Assert.True(expired > count / 2 && paid > count / 4);
    }

    private static ContractTerms Exotic(ContractKind kind, OptionKind option, long strike) => new()
    {
        Underlying = "BTC",
        Kind = kind,
        Option = option,
        Strike = new PriceTicks(strike),
        Expiry = 300,
        FirstFixing = 100,
        FixingCount = 3,
    };

    /// <summary>The contract part alone, without signature, accounts and tree. Outputs, id and pay-off of each, are public.</summary>
    private sealed class ContractBatch : ICircuit
    {
        public string Name => "contracts";

        public void Define(CircuitBuilder builder)
        {
            Linear[] expected = builder.PublicInputs("outputs", 2 * BatchSize);
            Linear time = builder.SecretInput("time");
            PriceFixingWires fixings = PriceFixingWires.Define(builder, FixingWires.Define(builder, FixingKind.Price, Slots, time));
            Linear[] terms = builder.SecretInputs("terms", ContractTemplate.TermCount * BatchSize);
            for (int i = 0; i < BatchSize; i++)
            {
                Linear[] outputs = builder.Call(
                    new ContractTemplate(Slots), [.. fixings.ToArray(),
                    .. terms[(i * ContractTemplate.TermCount)..((i + 1) * ContractTemplate.TermCount)]]);
                builder.AssertEqual(outputs[0], expected[2 * i], "id");
                builder.AssertEqual(outputs[1], expected[(2 * i) + 1], "pay-off");
            }
        }

        public static Assignment Assign(CompiledCircuit circuit, FixingSeries series, ContractTerms[] contracts) => new Assignment(circuit)
            .Set("outputs", [.. contracts.SelectMany(c => Expected(c, series))])
            .Set("time", series.Time)
            .Set(FixingWires.NameName, Instrument.UnderlyingId(series.Name))
            .Set(FixingWires.TimesName, Padded(series, f => f.Time))
            .Set(FixingWires.ValuesName, Padded(series, f => f.Value))
            .Set("terms", [.. contracts.SelectMany(ContractTemplate.Terms)]);

        private static Fr[] Expected(ContractTerms contract, FixingSeries series) =>
            contract.Expiry <= series.Time ? [contract.Id, ContractPayoff.Compute(contract, series)] : [Fr.Zero, Fr.Zero];

        private static Fr[] Padded(FixingSeries series, Func<Fixing, long> field) =>
            [.. Enumerable.Range(0, Slots).Select(i => i < series.Fixings.Count ? (Fr)field(series.Fixings[i]) : Fr.Zero)];
    }
}
