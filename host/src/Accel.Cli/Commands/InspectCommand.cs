using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel inspect</c>: what is in a .zkey, .r1cs, .wtns or .ptau. The file's magic decides, not its name.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        Argument<string> file = CommonOptions.Existing("file", "A .zkey, .r1cs, .wtns or .ptau file.");
        Option<bool> json = CommonOptions.Json();
        Command command = new("inspect", "Say what is in a .zkey, .r1cs, .wtns or .ptau file, after checking it.") { file, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file), new Reporter(parsed.GetValue(json))));
        return command;
    }

    private static int Run(string path, Reporter reporter)
    {
        Fact[] facts = ReadMagic(path) switch
        {
            "zkey" => DescribeKey(path),
            "r1cs" => DescribeConstraints(path),
            "wtns" => DescribeWitness(path),
            "ptau" => DescribePowers(path),
            string other => throw new InvalidFileException(Path.GetFileName(path), $"it begins with '{other}'; expected zkey, r1cs, wtns or ptau", offset: 0),
        };
        reporter.Result(new JsonObject(facts.Select(fact => KeyValuePair.Create(fact.Name, (JsonNode?)fact.Value))), () =>
        {
            Grid grid = new Grid().AddColumn().AddColumn();
            foreach (Fact fact in facts)
            {
                grid.AddRow(Markup.Escape(fact.Name), Markup.Escape(fact.Text));
            }

            Reporter.Console.Write(grid);
        });
        return ExitStatus.Done;
    }

    private static string ReadMagic(string path)
    {
        using FileStream stream = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[4];
        int read = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        return Encoding.Latin1.GetString(magic[..read]);
    }

    private static Fact[] DescribeKey(string path)
    {
        using ProvingKey key = ZkeyFile.Read(path);
        Fact[] commitments = key.Commitments is null
            ? []
            : [
                Fact.Of("commitments", key.Commitments.Items.Count),
                Fact.Of("committedWires", key.Commitments.Wires.Length),
                Fact.Of("commitmentHash", key.Commitments.Hash.ToString()),
            ];
        return
        [
            Fact.Of("kind", "Groth16 proving key over BN254"),
            Fact.Of("wires", key.Header.WireCount),
            Fact.Of("publicInputs", key.Header.PublicCount),
            Fact.Of("domain", key.Header.DomainSize),
            .. commitments,
            Fact.Of("developmentKey", key.IsForDevelopment),
            Fact.Of("circuitHash", Convert.ToHexStringLower(key.History.CircuitHash.Span)),
            Fact.Of("contributions", key.History.Contributions.Select(contribution => contribution.Name ?? "(unnamed)").ToArray()),
        ];
    }

    private static Fact[] DescribeConstraints(string path)
    {
        R1csFile file = R1csFile.Read(path);
        return
        [
            Fact.Of("kind", "rank-1 constraint system over BN254's scalar field"),
            Fact.Of("constraints", file.Header.ConstraintCount),
            Fact.Of("wires", file.Header.WireCount),
            Fact.Of("publicOutputs", file.Header.PublicOutputCount),
            Fact.Of("publicInputs", file.Header.PublicInputCount),
            Fact.Of("privateInputs", file.Header.PrivateInputCount),
            Fact.Of("labels", file.Header.LabelCount),
            Fact.Of("distinctCoefficients", file.Coefficients.Length),
        ];
    }

    private static Fact[] DescribeWitness(string path)
    {
        Fr[] witness = WitnessFile.Read(path);
        return
        [
            Fact.Of("kind", "witness over BN254's scalar field"),
            Fact.Of("wires", witness.Length),
            Fact.Of("zeros", witness.Count(value => value.IsZero)),
            Fact.Of("ones", witness.Count(value => value.IsOne)),
        ];
    }

    private static Fact[] DescribePowers(string path)
    {
        using PtauFile file = PtauFile.Open(path);
        return
        [
            Fact.Of("kind", "powers of tau over BN254"),
            Fact.Of("power", file.Power),
            Fact.Of("preparedForPhase2", file.IsPrepared),
            Fact.Of("contributions", file.Contributions.Count),
        ];
    }

    /// <summary>One line of the answer, for machines and for people.</summary>
    private readonly record struct Fact(string Name, JsonNode Value, string Text)
    {
        public static Fact Of(string name, string text) => new(name, text, text);

        public static Fact Of(string name, bool holds) => new(name, holds, holds.ToString());

        public static Fact Of(string name, long count) => new(name, count, count.ToString("N0", CultureInfo.InvariantCulture));

        public static Fact Of(string name, ulong count) => new(name, count, count.ToString("N0", CultureInfo.InvariantCulture));

        public static Fact Of(string name, string[] names) => new(
            name,
            new JsonArray([.. names.Select(item => (JsonNode)item)]),
            names.Length == 0 ? "0" : $"{names.Length.ToString("N0", CultureInfo.InvariantCulture)}, the last by {names[^1]}");
    }
}
