using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Chat.Settings;

namespace Refresh.Orchestrator.Serving.Chat.Vendors;

/// <summary>GitHub: a release, or a workflow that succeeded, says that an image was published.</summary>
internal sealed class GitHub : IVendor
{
    public TimeSpan AnswerWithin => TimeSpan.Zero;

    /// <summary>What a release with long notes takes.</summary>
    public int BodyBytes => 2 * 1024 * 1024;

    public bool Retries => true;

    public string? WrongKey(string key) => null;

    public Incoming Read(HookRequest request, HookSettings settings)
    {
        var signature = request.Header("X-Hub-Signature-256");
        request.RequireSigned(key => IsSigned(key, request.Body, signature));
        // X-GitHub-Delivery is not signed: the body alone tells a delivery from its replay, whatever id and key it comes with.
        var key = Convert.ToHexStringLower(SHA256.HashData(request.Body));
        var body = request.Json();
        var (published, repository) = (settings.Published!, body.TextAt("repository", "full_name"));
        if (published.Repository is { } wanted && !wanted.Equals(repository, StringComparison.OrdinalIgnoreCase))
            return new IncomingNothing(key, $"this webhook is for {wanted}");
        return request.Header("X-GitHub-Event") switch
        {
            "release" when published.Workflow is null && body.TextAt("action") == "published" && body.At("release", "draft") is not { ValueKind: JsonValueKind.True } =>
                Image(key, published, body.TextAt("release", "tag_name"), $"release {body.TextAt("release", "tag_name")} of {repository} was published"),
            "workflow_run" when published.Workflow is { } workflow && body.TextAt("action") == "completed" && body.TextAt("workflow_run", "conclusion") == "success" && workflow == body.TextAt("workflow_run", "name") =>
                Image(key, published, body.TextAt("workflow_run", "head_branch"), $"workflow {workflow} of {repository} succeeded"),
            var other => new IncomingNothing(key, $"{Problem.Shown(other)} publishes no image here"),
        };
    }

    /// <summary>Whether a signature is made with a key, in constant time.</summary>
    public static bool IsSigned(string key, byte[] body, string signature) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes($"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), body))}"), Encoding.UTF8.GetBytes(signature));

    public string Write(ChatReply reply) => JsonSerializer.Serialize(new { text = reply.Text, fleet = reply.Fleet, subject = reply.Subject }, DocumentJson.Options);

    public string WriteLate(ChatReply reply, bool replaces) => Write(reply);

    /// <summary>The version in a tag: <c>1.2.0</c> in <c>v1.2.0</c>, <c>web-1.2.0</c> and <c>web/v1.2.0</c>.</summary>
    public static string Version(string image, string tag)
    {
        foreach (var sign in "-/@")
        {
            if (tag.StartsWith(image + sign, StringComparison.Ordinal))
                tag = tag[(image.Length + 1)..];
        }

        return tag is ['v', >= '0' and <= '9', ..] ? tag[1..] : tag;
    }

    private static Incoming Image(string key, PublishedSettings published, string? tag, string why) => tag is { Length: > 0 and <= 200 }
        ? new IncomingImage(key, $"{published.Image}@{Version(published.Image!, tag)}", why)
        : new IncomingNothing(key, "it names no tag");
}
