from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('datasets', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='lakefile',
            name='kind',
            field=models.CharField(choices=[('rows', 'rows'), ('tombstones', 'tombstones'), ('repairs', 'repairs'), ('quarantine', 'quarantine'), ('identities', 'identities'), ('duplicates', 'duplicates'), ('retired', 'retired')], max_length=16),
        ),
    ]
