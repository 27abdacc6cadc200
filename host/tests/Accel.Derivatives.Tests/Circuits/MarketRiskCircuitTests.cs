using Accel.Derivatives.Circuits;
using Accel.Derivatives.Margin;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.Tests.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;
using Accel.Proving.Soundness;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Circuits;

public sealed class MarketRiskCircuitTests(ITestOutputHelper output)
{
    private const int RandomMarketCount = 16;

    /// <summary>Without look-ups, of a strike in a scenario, the whole statement counted.</summary>
    private const int ConstraintsPerScenarioMax = 600;

    private static readonly BatchShape Tiny = BatchShape.Tiny;

    private static readonly SolverOptions Solving = new() { Challenges = HashedChallenges.Instance };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_real_snapshot_is_provable_at_the_default_size_within_its_budget(bool lookups)
    {
        MarketSnapshot market = DeribitSnapshotReader.ReadFile(OutsideData.Path("option_chains/deribit_options_snapshot_20260103T091426Z.csv.gz"), "BTC");
        Instrument[] instruments = [.. market.Quotes.Select(q => q.Instrument).GroupBy(i => i.Expiry).OrderBy(g => g.Key).Skip(2).Take(4).SelectMany(g => g.OrderBy(i => i.Strike.Value).Take(16))];
        Assert.Equal(MarketShape.Standard.Instruments, instruments.Length);
        var definition = new MarketRiskCircuit(MarketShape.Standard, PublicFace.RawFields);
        SignedSnapshot snapshot = SnapshotBuilder.Build(market, instruments, instruments.Min(i => i.Expiry)).Sign(definition.Shape.Snapshot, Samples.OracleKey);
        MarketRiskResult result = MarketRiskReference.Compute(new MarketRiskBatch(snapshot, MarginParameters.Published, 77));
        Assert.Contains(result.Matrix.Instruments, i => i.HasExpired && i.PayoffTicks > 0);

        using CompiledCircuit circuit = CompiledCircuit.Compile(definition, new CompilerOptions(Lookups: lookups));
        double perScenario = circuit.ConstraintCount / (double)(instruments.Length * ScenarioGrid.ScenarioCount);
        output.WriteLine($"{circuit.Name}, look-ups {lookups}: {circuit.ConstraintCount:N0} constraints, {perScenario:F1} a strike and scenario");
        foreach (CircuitPart part in definition.Parts)
        {
            output.WriteLine($"{part.Name}: {part.ConstraintCount:N0}");
        }

        Fr[] wires = WitnessSolver.Solve(circuit, MarketRiskAssignment.Of(circuit, definition.Face, result), Solving);
        Assert.Equal(result.PublicInputs.ToFields(), wires[1..(1 + MarketRiskPublicInputs.Count)]);
        Assert.True(perScenario <= ConstraintsPerScenarioMax, $"{perScenario}");
    }

    [Fact]
    public void Random_markets_satisfy_the_circuit_with_the_references_roots_in_both_faces_and_modes()
    {
        for (int seed = 1; seed <= RandomMarketCount; seed++)
        {
            PublicFace face = seed % 4 == 0 ? PublicFace.OneHash : PublicFace.RawFields;
            CompiledCircuit circuit = Circuits.Of(face, lookups: seed % 3 == 0);
            MarketRiskResult result = MarketRiskReference.Compute(Draw(seed));
            Solution solution = WitnessSolver.TrySolve(circuit, MarketRiskAssignment.Of(circuit, face, result), Solving);
            Assert.True(solution.Violation is null, $"seed {seed}: {solution.Violation}");
            Fr[] expected = face == PublicFace.OneHash ? [result.PublicInputs.Hash()] : result.PublicInputs.ToFields();
            Assert.Equal(expected, solution.Wires[1..(1 + expected.Length)]);
        }
    }

    [Fact]
    public void A_path_leads_from_every_row_to_the_tree()
    {
        RiskMatrix matrix = MarketRiskReference.Compute(Draw(1)).Matrix;
        for (int row = 0; row < matrix.Instruments.Count; row++)
        {
            Fr node = FieldSponge.Hash(RiskMatrix.Row(matrix.Instruments[row]));
            int index = row;
            foreach (Fr[] siblings in matrix.Path(row).Chunk(MerkleGadget.SiblingsPerLevel))
            {
                List<Fr> children = [.. siblings];
                children.Insert(index & 3, node);
                node = Poseidon.Hash([.. children]);
                index >>= 2;
            }

            Assert.Equal(matrix.TreeRoot, node);
        }
    }

    [Theory]
    [InlineData(SnapshotWires.ForwardsName, 1, "oracle")]
    [InlineData(SnapshotWires.SettlementsName, 0, "oracle")]
    [InlineData(SnapshotWires.VolatilitiesName, 1, "oracle")]
    [InlineData(SnapshotWires.RatesName, 1, "oracle")]
    [InlineData(SnapshotWires.StrikesName, 0, "oracle")]
    [InlineData(SnapshotWires.PutsName, 0, "oracle")]
    [InlineData(SnapshotWires.ExpiriesName, 0, "oracle")]
    [InlineData(OracleGadget.SignatureName, 2, "oracle")]
    [InlineData(OracleGadget.KeyName, 0, "oracle key hash")]
    [InlineData(ParameterWires.ScalarsName, 2, "parameter hash")]
    [InlineData(ParameterWires.ShocksName, 8, "parameter hash")]
    [InlineData(PublicFields.PublicName, 1, "oracle")]
    [InlineData(PublicFields.PublicName, 2, "oracle key hash")]
    [InlineData(PublicFields.PublicName, 3, "parameter hash")]
    [InlineData(PublicFields.PublicName, 4, "risk root")]
    public void A_changed_market_parameter_or_public_field_is_refused(string input, int index, string rule) => AssertRefused(rule, (name, values) =>
    {
        if (name == input)
        {
            values[index] += Fr.One;
        }
    });

    [Fact]
    public void A_changed_domain_behind_the_one_hash_is_refused() => AssertRefused(
        "hash of the public fields",
        (name, values) =>
        {
            if (name == PublicFields.HiddenName)
            {
                values[0] += Fr.One;
            }
        },
        PublicFace.OneHash);

    [Fact]
    public void Rows_of_another_time_volatility_or_scenario_are_refused()
    {
        // The operator commits to rows that the pricer gives for other inputs than the oracle signed.
        RiskMatrix honest = Honest.Matrix;
        int row = honest.Instruments.ToList().FindIndex(i => !i.HasExpired);
        InstrumentRisk live = honest.Instruments[row];
        long[] mild = [.. live.ScenarioTicks];
        mild[0] = mild[ScenarioGrid.MarkIndex];
        long[] steep = [.. live.Greeks];
        steep[0]++;
        InstrumentRisk[] lies =
        [
            live with { ScenarioTicks = mild }, live with { ExpirySlot = 0 }, live with { PayoffTicks = 1 }, live with { HasExpired = true }, live with { Greeks = steep },
        ];
        foreach (InstrumentRisk lie in lies)
        {
            Fr node = FieldSponge.Hash(RiskMatrix.Row(lie));
            int index = row;
            foreach (Fr[] siblings in honest.Path(row).Chunk(MerkleGadget.SiblingsPerLevel))
            {
                List<Fr> children = [.. siblings];
                children.Insert(index & 3, node);
                node = Poseidon.Hash([.. children]);
                index >>= 2;
            }

            AssertRefused("risk root", (name, values) => Replace(name, values, 4, Poseidon.Hash(FieldSponge.Hash(honest.Header()), node)));
        }

        Fr[] header = honest.Header();
        header[3] += Fr.One;
        AssertRefused("risk root", (name, values) => Replace(name, values, 4, Poseidon.Hash(FieldSponge.Hash(header), honest.TreeRoot)));
    }

    [Fact]
    public void A_forged_snapshot_is_refused_by_the_reference_too()
    {
        MarketRiskBatch batch = Honest.Batch;
        SignedSnapshot forged = batch.Snapshot with { OracleKey = Book.DevelopmentKey("operator").PublicKey };
        Assert.Throws<SettlementException>(() => MarketRiskReference.Compute(batch with { Snapshot = forged }));
    }

    /// <summary>A single instrument and expiry, so that the search stays short; every wire, hints and deletions by sample.</summary>
    [Fact]
    public void No_wire_may_change_alone_and_no_hint_may_lie()
    {
        var shape = new MarketShape(1, 1);
        using CompiledCircuit circuit = CompiledCircuit.Compile(new MarketRiskCircuit(shape, PublicFace.RawFields));
        MarketRiskResult result = MarketRiskReference.Compute(RandomBatches.Market(5, shape));
        SoundnessOptions options = new() { Seed = 7, HintSampleMax = TestScale.Count(30), DeletionSampleMax = TestScale.Count(30), MutationsPerDeletionMax = 2_000, TimeBudget = TimeSpan.FromSeconds(TestScale.Count(20)) };
        SoundnessReport report = new SoundnessHarness(circuit, MarketRiskAssignment.Of(circuit, PublicFace.RawFields, result), options).CheckWires().LieToHints().DeleteConstraints().Report;
        output.WriteLine(report.ToString());
        Assert.Empty(report.Defects);
    }

    private static MarketRiskResult Honest => LazyHonest.Value;

    private static readonly Lazy<MarketRiskResult> LazyHonest = new(() =>
    {
        const long now = 1_800_000_000;
        Instrument expired = new("BTC", now - 10, new PriceTicks(1_000_000_000), OptionKind.Call);
        Instrument live = new("BTC", now + 1_000_000, new PriceTicks(1_000_000_000), OptionKind.Put);
        OracleSnapshot snapshot = OracleSnapshot.Create(
            "BTC",
            now,
            new PriceTicks(1_100_000_000),
            [new OracleExpiry(expired.Expiry, default, new PriceTicks(1_100_000_000), 0), new OracleExpiry(live.Expiry, new PriceTicks(1_110_000_000), default, 50_000)],
            [new OracleInstrument(expired, 0), new OracleInstrument(live, 450_000)]);
        return MarketRiskReference.Compute(new MarketRiskBatch(snapshot.Sign(Tiny, Samples.OracleKey), MarginParameters.Published, 99));
    });

    private static MarketRiskBatch Draw(int seed) => RandomBatches.Market(seed, MarketShape.Tiny);

    private static void Replace(string name, Fr[] values, int index, Fr value)
    {
        if (name == PublicFields.PublicName)
        {
            values[index] = value;
        }
    }

    private static void AssertRefused(string rule, Action<string, Fr[]> lie, PublicFace face = PublicFace.RawFields)
    {
        CompiledCircuit circuit = Circuits.Of(face, lookups: false);
        Fr[] honest = WitnessSolver.TrySolve(circuit, MarketRiskAssignment.Of(circuit, face, Honest)).Wires;
        var assignment = new Assignment(circuit);
        foreach (InputDeclaration input in circuit.Inputs)
        {
            Fr[] values = honest[(int)input.FirstWire..((int)input.FirstWire + input.Count)];
            lie(input.Name, values);
            assignment.Set(input.Name, values);
        }

        List<string> broken = BrokenRules.Of(circuit, WitnessSolver.TrySolve(circuit, assignment).Wires);
        Assert.Contains(broken, name => name.Contains(rule, StringComparison.Ordinal));
    }

    /// <summary>The tiny circuits, compiled once.</summary>
    private static class Circuits
    {
        private static readonly Dictionary<(PublicFace, bool), CompiledCircuit> Compiled = [];

        public static CompiledCircuit Of(PublicFace face, bool lookups)
        {
            lock (Compiled)
            {
                if (!Compiled.TryGetValue((face, lookups), out CompiledCircuit? circuit))
                {
                    circuit = CompiledCircuit.Compile(new MarketRiskCircuit(MarketShape.Tiny, face), new CompilerOptions(Lookups: lookups));
                    Compiled.Add((face, lookups), circuit);
                }

                return circuit;
            }
        }
    }
}
