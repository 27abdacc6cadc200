namespace Accel.Derivatives.State;

/// <summary>
/// A published difference says nothing that could be applied to the state; the message names the word or leaf and what would be right.
/// </summary>
public sealed class StateDiffException : Exception
{
    /// <summary>A problem with a difference.</summary>
    public StateDiffException(string message)
        : base(message)
    {
    }

    /// <summary>A problem with a difference, and the exception that revealed it.</summary>
    public StateDiffException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
