using Microsoft.Extensions.DependencyInjection;
using Refresh.Orchestrator.Engine;

namespace Refresh.Orchestrator.Serving.Notices;

/// <summary>What tells people how runs go.</summary>
internal static class NoticeServices
{
    public static IServiceCollection AddNotices(this IServiceCollection services) => services
        .AddSingleton<ChannelList>()
        .AddSingleton<Announcer>()
        .AddSingleton<NoticeWriter>()
        .AddSingleton<IRunWatcher>(provider => provider.GetRequiredService<NoticeWriter>())
        .AddHostedService(provider => provider.GetRequiredService<NoticeWriter>())
        .AddHostedService<NoticePost>();
}
