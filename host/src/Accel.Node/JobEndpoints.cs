using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using Accel.Network.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Accel.Node;

/// <summary>The routes of jobs.</summary>
internal static class JobEndpoints
{
    public const string WitnessType = "application/octet-stream";
    public const string UploadPolicy = "uploads";
    private const string KeyHeader = "Idempotency-Key";

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/v1").RequireAuthorization().WithTags("jobs").ProducesProblem(StatusCodes.Status401Unauthorized);
        group.MapGet("/circuits", (JobRunner runner) => TypedResults.Ok(runner.Circuits.Values.OrderBy(circuit => circuit.Name, StringComparer.Ordinal).AsEnumerable()))
            .WithSummary("The circuits that this node proves.");
        group.MapPost("/jobs", SubmitAsync).RequireRateLimiting(UploadPolicy)
            .WithSummary("Submit a witness, a whole .wtns file. The same Idempotency-Key with the same content is the same job.")
            .Accepts<byte[]>(WitnessType)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/jobs/{id}", Find).WithSummary("A job.");
        group.MapGet("/jobs/{id}/events", Listen).DisableRequestTimeout()
            .WithSummary("What happened to a job and what happens until it is finished, as server-sent events 'state', which have an id to go on from, and 'phase'.");
        group.MapGet("/jobs/{id}/proof", FindProof).WithSummary("A proved job's proof and public inputs.");
        group.MapDelete("/jobs/{id}", Remove).WithSummary("Take back a job that is not finished; forget one that is, with its proof.");
    }

    private static async Task<Results<Accepted<JobView>, Ok<JobView>, ProblemHttpResult>> SubmitAsync(
        [FromQuery] string circuit, [FromHeader(Name = KeyHeader)] string? key, HttpContext context, JobRunner runner, NodeOptions node)
    {
        if (!JobSubmission.IsClientKey(key))
        {
            return Problems.Create(
                StatusCodes.Status400BadRequest, "idempotency-key",
                $"send {KeyHeader} with 1 to {JobSubmission.ClientKeyLengthMax} printable ASCII characters: sent again, it asks for the same job and not for another");
        }

        if (context.Request.ContentType != WitnessType)
        {
            return Problems.Create(StatusCodes.Status415UnsupportedMediaType, "content-type", $"send the .wtns file as {WitnessType}");
        }

        try
        {
            (string client, ClientQuota quota) = ClientOf(context.User, node);
            byte[] witness = await ReadAsync(context, node.BodyBytesMax);
            (Job job, bool isNew) = await Task.Run(() => runner.Submit(new JobSubmission(client, key, circuit, witness), quota), CancellationToken.None);
            return isNew ? TypedResults.Accepted($"/v1/jobs/{job.Id}", JobView.Of(job)) : TypedResults.Ok(JobView.Of(job));
        }
        catch (BadHttpRequestException bad)
        {
            return Problems.Create(bad.StatusCode, "request", $"{bad.Message} The longest witness is {node.BodyBytesMax} bytes.");
        }
        catch (UnprovableRequestException unprovable)
        {
            return Problems.Create(StatusCodes.Status422UnprocessableEntity, "unprovable", unprovable.Message);
        }
        catch (JobConflictException conflict)
        {
            return Problems.Create(StatusCodes.Status409Conflict, "key-used", conflict.Message);
        }
        catch (JobRefusedException refusal)
        {
            return Problems.NotNow(context, refusal);
        }
    }

    private static Results<Ok<JobView>, ProblemHttpResult> Find(string id, ClaimsPrincipal user, JobRunner runner) =>
        JobOf(id, user, runner) is { } job ? TypedResults.Ok(JobView.Of(job)) : Problems.NoSuchJob(id);

    private static Results<Ok<ProofView>, ProblemHttpResult> FindProof(string id, ClaimsPrincipal user, JobRunner runner)
    {
        if (JobOf(id, user, runner) is not { } job)
        {
            return Problems.NoSuchJob(id);
        }

        if (runner.FindProof(job.Id) is not { } proof)
        {
            return Problems.Create(
                StatusCodes.Status409Conflict, "no-proof", $"job {job.Id} is {job.State.ToString().ToLowerInvariant()} and has no proof{(job.Reason is null ? "" : $": {job.Reason}")}");
        }

        using JsonDocument text = JsonDocument.Parse(proof.Proof);
        using JsonDocument inputs = JsonDocument.Parse(proof.PublicInputs);
        bool isForDevelopment = runner.Circuits.GetValueOrDefault(job.Circuit)?.IsForDevelopment ?? false;
        return TypedResults.Ok(new ProofView(job.Circuit, text.RootElement.Clone(), inputs.RootElement.Clone(), isForDevelopment));
    }

    private static Results<NoContent, ProblemHttpResult> Remove(string id, ClaimsPrincipal user, JobRunner runner) =>
        JobId.TryParse(id, out JobId job) && runner.Remove(user.Identity!.Name!, job) ? TypedResults.NoContent() : Problems.NoSuchJob(id);

    private static Results<ServerSentEventsResult<JobEventView>, ProblemHttpResult> Listen(
        string id, [FromHeader(Name = "Last-Event-ID")] string? last, ClaimsPrincipal user, JobRunner runner, CancellationToken cancel)
    {
        if (JobOf(id, user, runner) is not { } job)
        {
            return Problems.NoSuchJob(id);
        }

        long after = 0;
        return last is not null && !long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out after)
            ? Problems.Create(StatusCodes.Status400BadRequest, "last-event-id", "Last-Event-ID is the number of an event of this job")
            : TypedResults.ServerSentEvents(EventsAsync(job.Id, after, runner, cancel));
    }

    private static async IAsyncEnumerable<SseItem<JobEventView>> EventsAsync(
        JobId id, long after, JobRunner runner, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (JobEvent happened in runner.ListenAsync(id, after, cancel))
        {
            JobEventView view = new(happened.State, happened.Attempt, happened.Phase, happened.Reason, happened.At);
            yield return new SseItem<JobEventView>(view, happened.Phase is null ? "state" : "phase")
            {
                EventId = happened.Phase is null ? happened.Sequence.ToString(CultureInfo.InvariantCulture) : null,
            };
        }
    }

    private static Job? JobOf(string id, ClaimsPrincipal user, JobRunner runner) =>
        JobId.TryParse(id, out JobId job) ? runner.Find(user.Identity!.Name!, job) : null;

    private static (string Client, ClientQuota Quota) ClientOf(ClaimsPrincipal user, NodeOptions node)
    {
        string name = user.Identity!.Name!;
        return (name, node.Keys?[name].Quota ?? node.LocalQuota);
    }

    /// <summary>The body, whose length the server limits too; the buffer grows with what arrives, not with what is announced.</summary>
    private static async Task<byte[]> ReadAsync(HttpContext context, long bytesMax)
    {
        using MemoryStream body = new();
        if (context.Request.ContentLength is > 0 and var length && length <= bytesMax)
        {
            body.Capacity = (int)Math.Min(length, 1 << 20);
        }

        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }
}
