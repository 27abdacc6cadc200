using System.Globalization;
using Accel.Network.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Accel.Node;

/// <summary>Refusals as problem details (RFC 9457); <c>type</c> names the kind, <c>detail</c> says what is wrong and what would be right.</summary>
internal static class Problems
{
    public static ProblemHttpResult Create(int status, string kind, string detail) => TypedResults.Problem(detail, statusCode: status, type: $"urn:accel:{kind}");

    public static ProblemHttpResult NoSuchJob(string id) => Create(StatusCodes.Status404NotFound, "no-such-job", $"this client has no job '{Printable(id)}'");

    /// <summary>Not now: 429 where the client itself asks too much, 503 where the node has too much to do.</summary>
    public static ProblemHttpResult NotNow(HttpContext context, JobRefusedException refusal)
    {
        context.Response.Headers.RetryAfter = ((long)Math.Ceiling(refusal.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return refusal.Cause switch
        {
            RefusalCause.QuotaSpent => Create(StatusCodes.Status429TooManyRequests, "quota-spent", refusal.Message),
            RefusalCause.Draining => Create(StatusCodes.Status503ServiceUnavailable, "draining", refusal.Message),
            _ => Create(StatusCodes.Status503ServiceUnavailable, "queue-full", refusal.Message),
        };
    }

    private static string Printable(string text) =>
        string.Concat(text.Take(64).Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '\ufffd' : character));
}
