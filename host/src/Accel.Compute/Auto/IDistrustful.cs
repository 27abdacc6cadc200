namespace Accel.Compute.Auto;

/// <summary>A backend that can do without some of its devices.</summary>
public interface IDistrustful
{
    /// <summary>
    /// Told that something computed here was wrong, and not by which device: from now on only what can't be done without is used, until each of
    /// the others has passed its self-test.
    /// </summary>
    /// <returns>Whether another attempt runs on other devices than the last.</returns>
    bool Distrust(string reason);
}
