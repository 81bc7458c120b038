using Refresh.Orchestrator.FleetFiles.Reading;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>The keys <c>tls</c>, <c>tlsCa</c> and <c>tlsSkipVerify</c> of what connects to a member.</summary>
internal sealed record TlsKeys(bool Enabled, string? Ca, bool SkipVerify)
{
    public static TlsKeys Read(MappingReader map, string directory)
    {
        var (caField, skipField) = (map.Optional("tlsCa"), map.Optional("tlsSkipVerify"));
        var tls = new TlsKeys(map.Optional("tls").Truth() ?? false, caField.File(directory), skipField.Truth() ?? false);
        NeedsTls(caField, tls);
        NeedsTls(skipField, tls);
        if (tls.SkipVerify)
            caField.Fail($"'{caField.Path}' has no effect beside 'tlsSkipVerify: true'", "keep one of the two");
        return tls;
    }

    private static void NeedsTls(Field field, TlsKeys tls)
    {
        if (!tls.Enabled)
            field.Fail($"'{field.Path}' has no effect without 'tls: true'", "add it, or leave this out");
    }
}
