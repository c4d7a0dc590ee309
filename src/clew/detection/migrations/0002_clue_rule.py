from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('detection', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='clue',
            name='rule',
            field=models.CharField(blank=True, default='', max_length=4),
        ),
    ]
