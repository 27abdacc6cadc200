namespace Accel.Algebra;

/// <summary>Why bytes were not accepted as a point.</summary>
public enum PointError
{
    /// <summary>They were accepted.</summary>
    None,

    /// <summary>There are too few or too many bytes.</summary>
    WrongLength,

    /// <summary>A coordinate is not below the base field's modulus.</summary>
    CoordinateOutOfRange,

    /// <summary>The coordinates do not satisfy the curve's equation.</summary>
    NotOnCurve,

    /// <summary>The point is on the curve but outside the subgroup of order r.</summary>
    NotInSubgroup,
}

/// <summary>Text for messages.</summary>
public static class PointErrors
{
    /// <summary>The error as the end of a sentence that names the point, such as <c>is not on the curve</c>.</summary>
    public static string Explain(this PointError error) => error switch
    {
        PointError.None => "is valid",
        PointError.WrongLength => "has the wrong length",
        PointError.CoordinateOutOfRange => "has a coordinate that is not below the base field's modulus",
        PointError.NotOnCurve => "is not on the curve",
        PointError.NotInSubgroup => "is on the curve but outside the subgroup of order r",
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "unknown point error"),
    };
}
