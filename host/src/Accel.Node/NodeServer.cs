using System.Net;
using System.Threading.RateLimiting;
using Accel.Network.Jobs;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Metrics;

namespace Accel.Node;

/// <summary>A node's server: jobs over HTTP, health, metrics and its own description.</summary>
public sealed class NodeServer : IAsyncDisposable
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(5);

    private readonly WebApplication _application;

    private NodeServer(WebApplication application, Uri address) => (_application, Address) = (application, address);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts a server for a runner.</summary>
    /// <param name="runner">The jobs; it must outlive the server.</param>
    /// <param name="options">How to listen, and to whom.</param>
    /// <param name="cancel">Gives up starting.</param>
    /// <exception cref="ArgumentException">The address can be reached from other machines, and keys or certificate are missing.</exception>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<NodeServer> StartAsync(JobRunner runner, NodeOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Require();
        WebApplication application = Build(runner, options);
        try
        {
            await application.StartAsync(cancel);
            string address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            return new NodeServer(application, new Uri(address));
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the server; requests under way get a few seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource deadline = new(StopDeadline);
        await _application.StopAsync(deadline.Token);
        await _application.DisposeAsync();
    }

    private static WebApplication Build(JobRunner runner, NodeOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "accel", Args = [] });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddJsonConsole();
        builder.WebHost.ConfigureKestrel(kestrel => Limit(kestrel, options));
        AddServices(builder.Services, runner, options);

        WebApplication application = builder.Build();
        application.UseExceptionHandler();
        application.UseStatusCodePages();
        if (IPAddress.IsLoopback(options.Address))
        {
            // A page in this machine's browser could otherwise reach the node under a name that its owner lets point here.
            application.UseHostFiltering();
        }

        application.UseAuthentication();
        application.UseAuthorization();
        application.UseRequestTimeouts();
        application.UseRateLimiter();
        JobEndpoints.Map(application);
        application.MapGet("/health/live", () => TypedResults.Ok(new HealthView("alive"))).WithTags("health").WithSummary("The process answers.");
        application.MapGet("/health/ready", IResult (JobRunner jobs) => jobs.IsReady
            ? TypedResults.Ok(new HealthView("ready"))
            : Problems.Create(StatusCodes.Status503ServiceUnavailable, "not-ready", "this node takes no jobs: it is about to end, or its store failed")).WithTags("health").WithSummary("The node takes jobs.");
        application.MapPrometheusScrapingEndpoint("/metrics").RequireAuthorization();
        application.MapOpenApi("/openapi/{documentName}.json").RequireAuthorization();
        return application;
    }

    private static void AddServices(IServiceCollection services, JobRunner runner, NodeOptions options)
    {
        services.AddSingleton(runner).AddSingleton(options);
        // Signals belong to the program that hosts the node: it drains the jobs first.
        services.AddSingleton<IHostLifetime, CallersLifetime>();
        services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, NodeSchema.Default));
        services.AddProblemDetails();
        services.AddHostFiltering(hosts => hosts.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        services.AddAuthentication(ApiKeyHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        services.AddAuthorization();
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = options.RequestTimeout,
            TimeoutStatusCode = StatusCodes.Status408RequestTimeout,
        });
        services.AddRateLimiter(limiter =>
        {
            limiter.AddPolicy(JobEndpoints.UploadPolicy, _ => RateLimitPartition.GetConcurrencyLimiter(
                JobEndpoints.UploadPolicy, _ => new ConcurrencyLimiterOptions { PermitLimit = options.UploadsAtOnceMax, QueueLimit = 0 }));
            limiter.OnRejected = async (rejected, _) => await Problems.NotNow(
                rejected.HttpContext,
                new JobRefusedException(RefusalCause.QueueFull, $"{options.UploadsAtOnceMax} witnesses arrive already, which is the most that may at once", TimeSpan.FromSeconds(1)))
                .ExecuteAsync(rejected.HttpContext);
        });
        services.AddOpenApi("v1");
        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(JobRunner.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel").AddPrometheusExporter());
    }

    private static void Limit(KestrelServerOptions kestrel, NodeOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.BodyBytesMax;
        kestrel.Limits.MaxConcurrentConnections = options.ConnectionsMax;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Listen(options.Address, options.Port, listen =>
        {
            if (options.Certificate is { } certificate)
            {
                listen.UseHttps(certificate);
            }
        });
    }

    private sealed class CallersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
