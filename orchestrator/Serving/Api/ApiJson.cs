using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>How the API reads bodies: strictly, in UTF-8, with no key that it does not know.</summary>
internal static class ApiJson
{
    private const int Longest = 1000;

    private static readonly JsonSerializerOptions s_strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        MaxDepth = 8,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Lets a request have a larger body than others.</summary>
    /// <param name="http">The request, whose body was not read yet.</param>
    /// <param name="most">The largest body, in bytes.</param>
    public static void Allow(this HttpContext http, long most)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size && size.MaxRequestBodySize < most)
            size.MaxRequestBodySize = most;
    }

    /// <summary>The items of a list in a body, none of which may be null.</summary>
    /// <exception cref="Problem">One is.</exception>
    public static IReadOnlyList<T> Whole<T>(this IReadOnlyList<T>? items, string name) =>
        items is null ? [] : items.All(item => item is not null) ? items : throw Problem.Of(ProblemCode.InvalidRequest, $"\"{name}\" has an item that is null.");

    /// <summary>Reads the bytes of a body.</summary>
    /// <exception cref="ConnectionAbortedException">The caller has gone before its end.</exception>
    public static async Task<byte[]> BytesAsync(HttpContext http)
    {
        using var bytes = new MemoryStream();
        try
        {
            await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
        }
        catch (IOException gone) when (gone is not BadHttpRequestException)
        {
            throw new ConnectionAbortedException("The connection ended in the middle of the body.", gone);
        }

        return bytes.ToArray();
    }

    /// <summary>Reads a body; none at all is an empty object.</summary>
    /// <exception cref="Problem">It is not what is wanted.</exception>
    public static TBody Read<TBody>(HttpContext http, byte[] bytes)
        where TBody : IActBody
    {
        if (bytes.Length > 0 && !http.Request.HasJsonContentType())
            throw Problem.Of(ProblemCode.NotJson, $"The body is {Problem.Shown(http.Request.ContentType ?? "of no stated type")}, and must be application/json in UTF-8.");
        try
        {
            var body = JsonSerializer.Deserialize<TBody>(bytes.Length > 0 ? bytes : "{}"u8, s_strict) ?? throw new JsonException("null is no object.");
            if (body.Why is { Length: > Longest })
                throw Problem.Of(ProblemCode.InvalidRequest, $"\"why\" has more than {Longest} characters.");
            return body;
        }
        catch (JsonException wrong)
        {
            throw Problem.Of(ProblemCode.InvalidRequest, $"The body cannot be read: {Problem.Shown(wrong.Message.Replace(typeof(TBody).FullName!, "the body", StringComparison.Ordinal), 300)}");
        }
    }
}
