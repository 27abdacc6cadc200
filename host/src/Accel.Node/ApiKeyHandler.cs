using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Accel.Node;

/// <summary>Takes <c>Authorization: Bearer KEY</c>. Without configured keys everybody is <see cref="LocalClient"/>, which only loopback is allowed to be.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes, ILoggerFactory logger, UrlEncoder encoder, NodeOptions node)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, logger, encoder)
{
    public const string SchemeName = "Bearer";
    public const string LocalClient = "local";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (node.Keys is null)
        {
            return Task.FromResult(Succeed(LocalClient));
        }

        string header = Request.Headers.Authorization.ToString();
        return Task.FromResult(
            !header.StartsWith(SchemeName + ' ', StringComparison.OrdinalIgnoreCase) ? AuthenticateResult.NoResult()
            : node.Keys.Find(header[(SchemeName.Length + 1)..].Trim()) is { } client ? Succeed(client.Name)
            : AuthenticateResult.Fail("the key is not known"));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = SchemeName;
        return Problems.Create(StatusCodes.Status401Unauthorized, "unauthorized", "send Authorization: Bearer and a key that this node knows").ExecuteAsync(Context);
    }

    private static AuthenticateResult Succeed(string name) =>
        AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], SchemeName)), SchemeName));
}
