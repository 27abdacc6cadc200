using Accel.Compute.Cpu.Vector;
using Xunit;

namespace Accel.Compute.Tests.Vector;

/// <summary>Lane arithmetic of every width over both fields. Widths that the processor lacks run in software, on fewer values.</summary>
public class FieldLanesTests
{
    public static TheoryData<string, int> Fields => new() { { "Fq", 4 }, { "Fq", 8 }, { "Fr", 4 }, { "Fr", 8 } };

    [Theory]
    [MemberData(nameof(Fields))]
    public void Products_squares_and_sums_of_products_are_right_and_within_one_modulus(string field, int lanes) => Checks(field, lanes).Products();

    [Theory]
    [MemberData(nameof(Fields))]
    public void Products_of_the_largest_limbs_are_right(string field, int lanes) => Checks(field, lanes).Extremes();

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_butterfly_is_a_product_added_and_subtracted(string field, int lanes) => Checks(field, lanes).Butterfly();

    [Theory]
    [MemberData(nameof(Fields))]
    public void Words_come_back_canonical_whatever_multiple_of_the_modulus_is_stored(string field, int lanes) => Checks(field, lanes).Words();

    [Theory]
    [MemberData(nameof(Fields))]
    public void Limbs_at_their_bounds_are_stored_and_carried_right(string field, int lanes) => Checks(field, lanes).Bounds();

    private static ILaneChecks Checks(string field, int lanes) => (field, lanes) switch
    {
        ("Fq", 4) => new LaneChecks<Bn254BaseModulus, Lanes256>(),
        ("Fq", 8) => new LaneChecks<Bn254BaseModulus, Lanes512>(),
        ("Fr", 4) => new LaneChecks<Bn254ScalarModulus, Lanes256>(),
        _ => new LaneChecks<Bn254ScalarModulus, Lanes512>(),
    };
}
