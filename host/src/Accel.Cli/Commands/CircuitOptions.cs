using System.CommandLine;
using Accel.Derivatives.Circuits;

namespace Accel.Cli.Commands;

/// <summary>Options of the commands over statements.</summary>
internal static class CircuitOptions
{
    public static Option<string?> Shape(string otherwise) => new("--shape")
    {
        Description = $"Size of the statement as the list of statements prints it; {otherwise}.",
    };

    public static Option<PublicFace> Face()
    {
        Option<PublicFace> option = new("--face")
        {
            Description = "Public face: raw, each field for itself, for a verifier contract, or hash, one Poseidon hash of them, for a recursive "
                + "verifier. [default: raw]",
            CustomParser = result => Parse(result.Tokens[0].Value) is { } face ? face : Refuse(result),
        };
        option.HelpName = "raw|hash";
        return option;
    }

    private static PublicFace? Parse(string text) => text switch
    {
        "raw" => PublicFace.RawFields,
        "hash" => PublicFace.OneHash,
        _ => null,
    };

    private static PublicFace Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"--face: there is no face '{result.Tokens[0].Value}'; there is: raw, hash");
        return default;
    }
}
