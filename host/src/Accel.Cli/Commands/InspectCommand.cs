using System.CommandLine;
using System.Globalization;
using System.Text;
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
        List<KeyValuePair<string, object>> facts = ReadMagic(path) switch
        {
            "zkey" => DescribeKey(path),
            "r1cs" => DescribeConstraints(path),
            "wtns" => DescribeWitness(path),
            "ptau" => DescribePowers(path),
            string other => throw new InvalidFileException(Path.GetFileName(path), $"it begins with '{other}'; expected zkey, r1cs, wtns or ptau", offset: 0),
        };
        reporter.Result(facts.ToDictionary(fact => fact.Key, fact => fact.Value), () =>
        {
            Grid grid = new Grid().AddColumn().AddColumn();
            foreach ((string name, object value) in facts)
            {
                string text = value is string[] names
                    ? $"{names.Length:N0}{(names.Length == 0 ? string.Empty : $", the last by {names[^1]}")}"
                    : string.Format(CultureInfo.InvariantCulture, value is int or long or ulong ? "{0:N0}" : "{0}", value);
                grid.AddRow(Markup.Escape(name), Markup.Escape(text));
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

    private static List<KeyValuePair<string, object>> DescribeKey(string path)
    {
        using ProvingKey key = ZkeyFile.Read(path);
        return
        [
            new("kind", "Groth16 proving key over BN254"),
            new("wires", key.Header.WireCount),
            new("publicInputs", key.Header.PublicCount),
            new("domain", key.Header.DomainSize),
            new("developmentKey", key.IsForDevelopment),
            new("circuitHash", Convert.ToHexStringLower(key.History.CircuitHash.Span)),
            new("contributions", key.History.Contributions.Select(contribution => contribution.Name ?? "(unnamed)").ToArray()),
        ];
    }

    private static List<KeyValuePair<string, object>> DescribeConstraints(string path)
    {
        R1csFile file = R1csFile.Read(path);
        return
        [
            new("kind", "rank-1 constraint system over BN254's scalar field"),
            new("constraints", file.Header.ConstraintCount),
            new("wires", file.Header.WireCount),
            new("publicOutputs", file.Header.PublicOutputCount),
            new("publicInputs", file.Header.PublicInputCount),
            new("privateInputs", file.Header.PrivateInputCount),
            new("labels", file.Header.LabelCount),
            new("distinctCoefficients", file.Coefficients.Length),
        ];
    }

    private static List<KeyValuePair<string, object>> DescribeWitness(string path)
    {
        Fr[] witness = WitnessFile.Read(path);
        return
        [
            new("kind", "witness over BN254's scalar field"),
            new("wires", witness.Length),
            new("zeros", witness.Count(value => value.IsZero)),
            new("ones", witness.Count(value => value.IsOne)),
        ];
    }

    private static List<KeyValuePair<string, object>> DescribePowers(string path)
    {
        using PtauFile file = PtauFile.Open(path);
        return
        [
            new("kind", "powers of tau over BN254"),
            new("power", file.Power),
            new("preparedForPhase2", file.IsPrepared),
            new("contributions", file.Contributions.Count),
        ];
    }
}
