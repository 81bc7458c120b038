using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Refresh.Workflows.Fleets;
using Scalar.AspNetCore;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>The API's own description: an OpenAPI document, which docs/openapi.json is held equal to, and a page to read it on. Neither needs a token: they tell nothing of any fleet.</summary>
internal static class Description
{
    /// <summary>Where the document is.</summary>
    public const string Path = "/openapi/v1.json";

    private const string PagePath = "/scalar";
    private const string Scheme = "token";

    public static IServiceCollection AddDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Refresh", Version = "v1", Description = "Plan, start, watch and stop runs. docs/api.md explains tokens, keys, problems, pages and event streams." };
            document.Servers = [];
            (document.Components ??= new OpenApiComponents()).SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "rfsh_…", Description = "refresh token create" },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (type == typeof(TimeSpan))
                (schema.Type, schema.Format, schema.Pattern, schema.Description) = (JsonSchemaType.Number, "double", null, "Seconds.");
            else if (type == typeof(MemberId))
                (schema.Type, schema.Description) = (JsonSchemaType.String, "pair/member");
            return Task.CompletedTask;
        });
    });

    public static void MapDescription(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").DisableRateLimiting();
        app.MapScalarApiReference(PagePath, options =>
        {
            options.Title = "Refresh";
            options.DefaultFonts = false;
            options.Telemetry = false;
        }).DisableRateLimiting();
        // The page brings its own script and style; nothing else may be loaded or asked.
        app.UseWhen(http => http.Request.Path.StartsWithSegments(PagePath), page => page.Use((http, next) =>
        {
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
            return next(http);
        }));
    }
}
