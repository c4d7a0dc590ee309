import secrets

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def give_first_posts(apps, schema_editor):
    """The first account of a workspace that is older than posts goes on working."""
    from clew.accounts.duties import FIRST_POSTS
    from clew.audit.actions import append
    from clew.kernel import clock
    from clew.kernel.workspace import Workspace

    first = apps.get_model("accounts", "Account").objects.order_by("id").first()
    if first is None:
        return
    Post = apps.get_model("accounts", "Post")
    today = Workspace.current().today or clock.today()
    for role in FIRST_POSTS:
        Post.objects.create(
            code=secrets.token_hex(5), account=first, role=role, since=today, first=True,
            given_by=first,
        )
    append(
        by=first, verb="accounts.bootstrap", subject=first.code,
        facts={"os_user": None, "posts": " ".join(FIRST_POSTS)},
    )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('audit', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('role', models.CharField(max_length=32)),
                ('domain', models.CharField(blank=True, max_length=64)),
                ('division', models.CharField(blank=True, max_length=6)),
                ('since', models.DateField()),
                ('until', models.DateField(null=True)),
                ('first', models.BooleanField(default=False)),
                ('end_reason', models.CharField(blank=True, max_length=200)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to=settings.AUTH_USER_MODEL)),
                ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='accounts.department')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts_ended', to=settings.AUTH_USER_MODEL)),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts_given', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.RunPython(give_first_posts, migrations.RunPython.noop),
    ]
